"""Wanted ads: the list, one ad with its answers, and the school's form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from marketplace.municipalities.models import Municipality
from marketplace.organisations.permissions import acting_organisation, approved_organisation
from marketplace.review.errors import ExchangeError
from marketplace.review.words import word_to_sender
from marketplace.wanted.demand import FEWEST, demand
from marketplace.wanted.forms import WantedAdForm, WantedAnswerForm
from marketplace.wanted.models import WantedAd
from marketplace.wanted.permissions import (
    can_answer_wanted_ad,
    can_edit_wanted_ad,
    can_post_wanted_ad,
)
from marketplace.wanted.services import answer_wanted_ad, close_wanted_ad, submit_wanted_ad
from portal.foundation.kept_forms import initial_of, keeps_form

PER_PAGE = 24


def wanted_list(request):
    """List open wanted ads, newest first; `?kommun=<slug>` limits them to a municipality."""
    municipalities = Municipality.objects.for_site(Site.find_for_request(request))
    chosen = municipalities.filter(slug=request.GET.get("kommun", "")).first()
    ads = WantedAd.objects.open().in_municipalities([chosen] if chosen else municipalities)
    return render(
        request,
        "marketplace/wanted/wanted_list.html",
        {
            "page": Paginator(ads.for_cards(), PER_PAGE).get_page(request.GET.get("sida")),
            "municipalities": municipalities,
            "chosen": chosen,
            "may_post": can_post_wanted_ad(request.user),
        },
    )


@require_safe
def wanted_overview(request):
    """What schools are looking for, for companies: counts per municipality, from five up only."""
    municipalities = Municipality.objects.for_site(Site.find_for_request(request))
    chosen = municipalities.filter(slug=request.GET.get("kommun", "")).first()
    found, others = demand([chosen] if chosen else municipalities)
    return render(
        request,
        "marketplace/wanted/wanted_overview.html",
        {
            "demand": found,
            "others": others,
            "fewest": FEWEST,
            "municipalities": municipalities,
            "chosen": chosen,
        },
    )


def _answer(request, form, ad, organisation):
    """Send the answer; returns whether that is done. Otherwise the form says why not."""
    try:
        answer_wanted_ad(
            wanted_ad=ad, organisation=organisation, by=request.user, **form.cleaned_data
        )
    except ExchangeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Thank you! Your answer has been sent."))
    return True


def wanted_ad(request, pk, slug):
    """One ad. Companies answer here; the school reads the answers here."""
    ad = get_object_or_404(WantedAd.objects.for_cards(), pk=pk)
    own = can_edit_wanted_ad(request.user, ad)
    if not ad.live and not own:
        raise Http404
    if slug != ad.slug:
        return redirect(ad, permanent=True)
    organisation = acting_organisation(request)
    may_answer = ad.is_open and not own and can_answer_wanted_ad(request.user, organisation)
    form = None
    if organisation and may_answer:
        form = WantedAnswerForm(
            request.POST or None, organisation=organisation, asker=ad.organisation
        )
        if (
            request.method == "POST"
            and form.is_valid()
            and _answer(request, form, ad, organisation)
        ):
            return redirect(ad)
    elif request.method == "POST":
        raise PermissionDenied
    answers = ad.answers.select_related("organisation", "listing", "author")
    if not own:
        answers = answers.filter(organisation=organisation) if organisation else answers.none()
    return render(
        request,
        "marketplace/wanted/wanted_detail.html",
        {
            "wanted_ad": ad,
            "form": form,
            "answers": answers,
            "own": own,
            "in_review": own and not ad.live and bool(ad.current_workflow_state),
        },
    )


def wanted_short(request, pk):
    """Redirect from the short URL used in mail; show the title only to those who may see it."""
    ad = get_object_or_404(WantedAd, pk=pk)
    if not ad.live and not can_edit_wanted_ad(request.user, ad):
        raise Http404
    return redirect(ad)


def name_of_form(request, pk=None):
    return _("Wanted ad: %(title)s") % {"title": request.POST.get("title", "")[:120]}


@keeps_form(name_of_form)
def wanted_edit(request, pk=None):
    """Write a new ad or change one of one's own, and send it for review."""
    if pk is None:
        organisation = approved_organisation(request)
        if not can_post_wanted_ad(request.user):
            raise PermissionDenied
        # Who has searched in vain comes with the words of the search.
        title = request.GET.get("titel", "")[: WantedAd._meta.get_field("title").max_length]
        ad = WantedAd(organisation=organisation, title=title)
    else:
        ad = get_object_or_404(WantedAd, pk=pk)
        if not can_edit_wanted_ad(request.user, ad):
            raise PermissionDenied
        # What was written last, which may be ahead of what is online.
        ad = ad.get_latest_revision_as_object()
    form = WantedAdForm(request.POST or None, instance=ad, initial=initial_of(request))
    if request.method == "POST" and form.is_valid():
        ad = form.save(commit=False)
        submit_wanted_ad(wanted_ad=ad, by=request.user, tags=form.cleaned_data["tags"])
        messages.success(
            request,
            _("Thank you! An editor reviews your ad before it is published."),
        )
        return redirect("marketplace:my_page")
    return render(
        request,
        "marketplace/wanted/wanted_form.html",
        {"form": form, "wanted_ad": ad, "word": word_to_sender(ad) if ad and ad.pk else ""},
    )


@login_required
@require_POST
def wanted_close(request, pk):
    ad = get_object_or_404(WantedAd, pk=pk)
    if not can_edit_wanted_ad(request.user, ad):
        raise PermissionDenied
    close_wanted_ad(wanted_ad=ad, by=request.user)
    messages.success(request, _("The ad has been taken down."))
    return redirect("marketplace:my_page")
