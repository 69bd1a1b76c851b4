"""Wanted ads: the list, one ad with its answers, and the school's form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Site

from marketplace import permissions, wanted
from marketplace.errors import ExchangeError
from marketplace.forms.wanted import WantedAdForm, WantedAnswerForm
from marketplace.models import Municipality, WantedAd

PER_PAGE = 24


def wanted_list(request):
    """All open wanted ads, the newest first, of one municipality when `?kommun=<slug>` says so."""
    municipalities = Municipality.objects.for_site(Site.find_for_request(request))
    chosen = municipalities.filter(slug=request.GET.get("kommun", "")).first()
    ads = WantedAd.objects.open().in_municipalities([chosen] if chosen else municipalities)
    return render(
        request,
        "marketplace/wanted_list.html",
        {
            "page": Paginator(ads.for_cards(), PER_PAGE).get_page(request.GET.get("sida")),
            "municipalities": municipalities,
            "chosen": chosen,
            "may_post": permissions.can_post_wanted_ad(request.user),
        },
    )


def wanted_ad(request, pk, slug):
    """One ad. Companies answer here; the school reads the answers here."""
    ad = get_object_or_404(WantedAd.objects.for_cards(), pk=pk)
    own = permissions.can_edit_wanted_ad(request.user, ad)
    if not ad.live and not own:
        raise Http404
    if slug != ad.slug:
        return redirect(ad, permanent=True)
    organisation = permissions.acting_organisation(request)
    may_answer = ad.is_open and permissions.can_answer_wanted_ad(request.user, organisation)
    form = None
    if may_answer:
        form = WantedAnswerForm(request.POST or None, organisation=organisation)
        if request.method == "POST" and form.is_valid():
            try:
                wanted.answer_wanted_ad(
                    wanted_ad=ad, organisation=organisation, by=request.user, **form.cleaned_data
                )
            except ExchangeError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Thank you! Your answer has been sent."))
                return redirect(ad)
    elif request.method == "POST":
        raise PermissionDenied
    answers = ad.answers.select_related("organisation", "listing", "author")
    if not own:
        answers = answers.filter(organisation=organisation) if organisation else answers.none()
    return render(
        request,
        "marketplace/wanted_detail.html",
        {
            "wanted_ad": ad,
            "form": form,
            "answers": answers,
            "own": own,
            "in_review": own and not ad.live and bool(ad.current_workflow_state),
        },
    )


def wanted_short(request, pk):
    """The address without words, as mail has it."""
    return redirect(get_object_or_404(WantedAd, pk=pk))


@login_required
def wanted_edit(request, pk=None):
    """Write a new ad or change one of one's own, and send it for review."""
    organisation = permissions.acting_organisation(request)
    if pk is None:
        if not permissions.can_post_wanted_ad(request.user):
            raise PermissionDenied
        # Who has searched in vain comes with the words of the search.
        title = request.GET.get("titel", "")[: WantedAd._meta.get_field("title").max_length]
        ad = WantedAd(organisation=organisation, title=title)
    else:
        ad = get_object_or_404(WantedAd, pk=pk)
        if not permissions.can_edit_wanted_ad(request.user, ad):
            raise PermissionDenied
        # What was written last, which may be ahead of what is online.
        ad = ad.get_latest_revision_as_object()
    form = WantedAdForm(request.POST or None, instance=ad)
    if request.method == "POST" and form.is_valid():
        ad = form.save(commit=False)
        wanted.submit_wanted_ad(wanted_ad=ad, by=request.user, tags=form.cleaned_data["tags"])
        messages.success(
            request,
            _("Thank you! An editor looks at your ad, and you get a mail when it is online."),
        )
        return redirect("marketplace:my_page")
    return render(request, "marketplace/wanted_form.html", {"form": form, "wanted_ad": ad})


@login_required
@require_POST
def wanted_close(request, pk):
    ad = get_object_or_404(WantedAd, pk=pk)
    if not permissions.can_edit_wanted_ad(request.user, ad):
        raise PermissionDenied
    wanted.close_wanted_ad(wanted_ad=ad, by=request.user)
    messages.success(request, _("The ad has been taken down."))
    return redirect("marketplace:my_page")
