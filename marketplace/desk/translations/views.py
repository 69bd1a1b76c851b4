"""The list of translations: what is to be done, and the button that sends one for review."""

from collections import Counter
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from marketplace.desk.translations import listed, services
from marketplace.desk.translations.pages import translations
from marketplace.desk.translations.stages import Stage
from marketplace.review.errors import ExchangeError
from marketplace.translations.permissions import can_translate_texts
from portal.foundation.users.models import User

PER_PAGE = 20


def may_translate(user: User) -> bool:
    return user.has_perm("wagtail_localize.submit_translation")


def translation_list(request: HttpRequest) -> HttpResponse:
    """All translations by how far they have come."""
    user = cast(User, request.user)
    if not may_translate(user):
        raise PermissionDenied
    chosen = request.GET.get("lage", "")
    stage = Stage(chosen) if chosen in Stage.values else None
    page = Paginator(listed.keys(user, stage), PER_PAGE).get_page(request.GET.get("sida"))
    page.object_list = listed.read(page.object_list)
    return render(
        request,
        "marketplace/desk/translations.html",
        {
            "title": _("Translations"),
            "page": page,
            "stages": links(listed.counts(user), stage),
            "may_start": can_translate_texts(request.user),
        },
    )


def links(counts: Counter[Stage], chosen: Stage | None) -> list[dict[str, Any]]:
    """The ways to narrow the list to one stage, with how many there are of each."""
    address = reverse("translation_list")
    everything = {
        "label": _("Everything"),
        "count": counts.total(),
        "url": address,
        "current": chosen is None,
    }
    return [
        everything,
        *(
            {
                "label": stage.label,
                "count": counts[stage],
                "url": f"{address}?lage={stage.value}",
                "current": stage == chosen,
            }
            for stage in Stage
        ),
    ]


@require_POST
def send_translation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one for review."""
    user = cast(User, request.user)
    if not may_translate(user):
        raise PermissionDenied
    translation = get_object_or_404(translations(), pk=pk)
    page = get_object_or_404(
        Page, translation_key=translation.source.object_id, locale=translation.target_locale
    )
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    try:
        sent = services.submit_translation(translation=translation, by=user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("“%(title)s” has been sent for review.") % {"title": sent.draft_title}
        )
    return redirect("translation_list")
