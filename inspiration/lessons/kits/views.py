"""Kits: proposed on a lesson idea, sent with one tap, and followed until all is fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.calendars import kit_calendar
from inspiration.lessons.kits.forms import KitForm, SendForm
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.kits.permissions import can_see_kit, can_send_kit
from inspiration.lessons.kits.proposals import propose
from inspiration.lessons.kits.services import cancel_kit, pickup_before, send_kit
from inspiration.lessons.kits.stocktake import Asker, Stocktake
from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.pdf import lesson_pdf
from inspiration.pages.sites import pages_of_site
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.errors import ExchangeError
from marketplace.wanted.states import with_states
from portal.foundation import throttling
from portal.foundation.printing import pdf_response


def lesson_of(request, pk):
    """A lesson idea that everybody may read, in the reader's language where there is one."""
    site = Site.find_for_request(request)
    pages = pages_of_site(LessonIdeaPage.objects.all(), site)
    found = get_object_or_404(pages, pk=pk)
    return LessonIdeaPage.for_cards().get(pk=found.localized.pk)


def chosen(request):
    """{number of a row: the listing that somebody wants for it, or 0 for none}."""
    rows = {}
    for name, value in request.GET.items():
        number = name.removeprefix("rad")
        digits = number.isdecimal() and value.isdecimal()
        if name != number and digits and len(number) + len(value) < 18:
            rows[int(number)] = int(value)
    return rows


def lesson_kit(request, pk):
    """Propose a kit for a group and a week, and send it. The address says what was asked for."""
    lesson = lesson_of(request, pk)
    form = KitForm(request.GET if "barn" in request.GET else None)
    if not form.is_valid():
        return _page(request, lesson, form)
    throttling.consume_by_device("kit", request=request)
    organisation = acting_organisation(request)
    asker = Asker(request.user, organisation, Site.find_for_request(request))
    stocktake = Stocktake([lesson], asker, by=form.monday)
    proposal = propose(lesson, form.group, stocktake, chosen(request))
    if not can_send_kit(request.user, organisation):
        if request.method == "POST":
            raise PermissionDenied
        return _page(request, lesson, form, proposal)
    send = SendForm(request.POST or None, proposal=proposal, organisation=organisation)
    if request.method == "POST" and send.is_valid():
        return _send(request, proposal, form.monday, organisation, send.cleaned_data)
    return _page(request, lesson, form, proposal, send)


def _send(request, proposal, monday, organisation, said):
    """Send what was shown; back to what there is now where that is something else."""
    if said["seal"] != proposal.seal:
        messages.warning(request, _("Something has changed. This is what there is now."))
        return redirect(request.get_full_path())
    try:
        kit = send_kit(
            proposal=proposal,
            monday=monday,
            organisation=organisation,
            by=request.user,
            safety_confirmed=said.get("safety_confirmed", False),
            wanted=said.get("wanted", False),
        )
    except ExchangeError as error:
        said = _("%(error)s Nothing has been sent.") % {"error": error}
        messages.warning(request, said)
        return redirect(request.get_full_path())
    messages.success(request, _("The kit has been sent. Each giver answers you."))
    return redirect(kit)


def _page(request, lesson, form, proposal=None, send=None):
    stops = []
    for stop in proposal.stops if proposal else []:
        giver = stop[0].listing.organisation
        stops.append((giver, stop, pickup_before(giver, form.monday)))
    organisation = acting_organisation(request)
    context = {
        "lesson": lesson,
        "form": form,
        "proposal": proposal,
        "send": send,
        "stops": stops,
        "to_confirm": proposal.to_confirm(organisation) if send else [],
        "kits": kits_of(organisation).filter(lesson__translation_key=lesson.translation_key),
    }
    return render(request, "inspiration/lessons/lesson_kit.html", context)


def kits_of(organisation):
    """The kits that an organisation has sent; none without one."""
    if organisation is None:
        return LessonKit.objects.none()
    return LessonKit.objects.filter(organisation=organisation)


@require_safe
def lesson_document(request, pk):
    """A lesson idea as a PDF, with amounts for the group that the address tells of."""
    lesson = lesson_of(request, pk)
    throttling.consume_by_device("kit", request=request)
    pdf = lesson_pdf(lesson, group=Group.asked_about(request.GET))
    response = pdf_response(pdf, f"{lesson.slug}.pdf")
    patch_cache_control(response, public=True, max_age=600)
    return response


def _get(request, pk):
    """A kit, for those of the organisation that has sent it; for others it does not exist."""
    kits = LessonKit.objects.select_related("lesson", "organisation")
    kit = get_object_or_404(kits, pk=pk)
    if not can_see_kit(request.user, kit):
        raise Http404
    return kit


@login_required
@require_safe
def kit(request, pk):
    """What a kit has asked for, stop by stop, and how it stands."""
    kit = _get(request, pk)
    context = {
        "kit": kit,
        "stops": kit.stops(),
        "closed": kit.reservations.closed().exclude(state="collected").with_parties(),
        "wanted_ads": with_states(kit.wanted_ads.all()),
    }
    return render(request, "inspiration/lessons/kit.html", context)


@login_required
@require_safe
def kit_document(request, pk):
    """The lesson idea with amounts for the group, and the shopping list."""
    kit = _get(request, pk)
    throttling.consume_by_device("kit", request=request)
    pdf = lesson_pdf(kit.lesson.localized, group=kit.group, kit=kit)
    return pdf_response(pdf, f"{kit.lesson.slug}.pdf")


@login_required
@require_safe
def kit_calendar_file(request, pk):
    """The week of a kit for one's own calendar."""
    response = HttpResponse(
        kit_calendar(_get(request, pk)), content_type="text/calendar; method=PUBLISH; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="kit.ics"'
    return response


@login_required
@require_POST
def kit_cancel(request, pk):
    """Call off everything of a kit that has not been fetched."""
    kit = _get(request, pk)
    cancel_kit(kit=kit, by=request.user)
    messages.success(request, _("Everything that had not been collected is cancelled."))
    return redirect(kit)
