"""Tips about lessons: the list, one of them, and the form that sends one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from inspiration.lessons.kits.views import lesson_of
from inspiration.lessons.tips.forms import TipForm
from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.permissions import can_change_tip, can_send_tip
from inspiration.lessons.tips.services import remove_tip, submit_tip
from marketplace.listings.photos.forms import PhotoSet
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.words import word_to_sender
from portal.foundation.kept_forms import initial_of, keeps_form

PER_PAGE = 24


@require_safe
def tips(request):
    """All that units have told, the newest first: of ideas that they tried, and of their own."""
    found = LessonTip.objects.published().for_site(Site.find_for_request(request)).for_cards()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("sida"))
    return render(request, "inspiration/lessons/tips/tips.html", {"page": page})


@require_safe
def tip(request, pk):
    """One tip; before it is published only for the unit that sent it."""
    found = get_object_or_404(LessonTip.objects.for_cards(), pk=pk)
    own = can_change_tip(request.user, found)
    if not found.live and not own:
        raise Http404
    shown = found if found.live else found.get_latest_revision_as_object()
    context = {"tip": shown, "own": own, "waits": own and not found.live}
    return render(request, "inspiration/lessons/tips/tip.html", context)


def name_of_form(request, pk=None):
    return _("Tip: %(title)s") % {"title": request.POST.get("title", "")[:120]}


@keeps_form(name_of_form)
def tip_new(request, pk=None):
    """Tell how it went with the lesson idea `pk`, or of an idea of one's own."""
    organisation = acting_organisation(request)
    if not can_send_tip(request.user, organisation):
        raise PermissionDenied
    lesson = lesson_of(request, pk) if pk else None
    new = LessonTip(organisation=organisation, lesson=lesson and lesson.main)
    return _form(request, new, photos=PhotoSet(maximum=LessonTip.MAX_PHOTOS))


@login_required
def tip_edit(request, pk):
    """Change a tip of one's own. What is published stays until the change has been approved."""
    found = get_object_or_404(LessonTip, pk=pk)
    if not can_change_tip(request.user, found):
        raise PermissionDenied
    latest = found.get_latest_revision_as_object()
    kept = PhotoSet.of(
        latest, request, maximum=LessonTip.MAX_PHOTOS, purpose=f"tip:{latest.pk or 'new'}"
    )
    return _form(request, latest, photos=kept)


def _form(request, tip, *, photos):
    """Show the form of `tip`, or send what was written."""
    initial = initial_of(request)
    if request.method == "POST":
        photos = PhotoSet.from_request(
            request, maximum=LessonTip.MAX_PHOTOS, purpose=f"tip:{tip.pk or 'new'}"
        )
        initial = written(request.POST)
    if request.method != "POST" or PhotoSet.only_photos(request):
        form = TipForm(instance=tip, initial=initial)
        return _form_page(request, form, photos)
    form = TipForm(request.POST, instance=tip, has_photos=bool(photos.images))
    if not form.is_valid() or photos.errors:
        return _form_page(request, form, photos)
    submit_tip(
        tip=form.save(commit=False),
        images=photos.named(form.cleaned_data["title"]),
        categories=form.materials,
        by=request.user,
    )
    messages.success(request, _("Thank you! An editor reads your tip before it is published."))
    return redirect("marketplace:my_page")


def written(data):
    """What a form that is shown again was filled in with."""
    return {name: data.get(name) for name in data} | {"age_groups": data.getlist("age_groups")}


def _form_page(request, form, photos):
    tip = form.instance
    context = {
        "form": form,
        "photos": photos,
        "tip": tip,
        "lesson": tip.lesson and tip.lesson.localized,
        "word": word_to_sender(tip) if tip.pk else "",
    }
    return render(request, "inspiration/lessons/tips/tip_form.html", context)


@login_required
@require_POST
def tip_remove(request, pk):
    """Remove a tip of one's own for good."""
    found = get_object_or_404(LessonTip, pk=pk)
    if not can_change_tip(request.user, found):
        raise PermissionDenied
    remove_tip(tip=found, by=request.user)
    messages.success(request, _("The tip has been removed, with its pictures."))
    return redirect("marketplace:my_page")
