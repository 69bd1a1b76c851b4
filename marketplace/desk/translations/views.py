"""The list of translations: what is to be done, and the button that sends one for review."""

from collections import Counter
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from marketplace.desk.translations import services
from marketplace.desk.translations.stages import Row, Stage, rows, translations
from marketplace.desk.translations.texts import text_rows
from marketplace.review.errors import ExchangeError
from marketplace.translations.permissions import can_translate_texts
from portal.foundation.users.models import User

PER_PAGE = 20


def may_translate(user: User) -> bool:
    return user.has_perm("wagtail_localize.submit_translation")


def all_rows(user: User) -> list[Row]:
    """Every translation that `user` works with, what somebody has to do first."""
    order = list(Stage)
    found = list(rows(translations()))
    if can_translate_texts(user):
        found += text_rows()
    return sorted(found, key=lambda row: order.index(row.stage))


def translation_list(request: HttpRequest) -> HttpResponse:
    """All translations by how far they have come."""
    if not may_translate(cast(User, request.user)):
        raise PermissionDenied
    found = all_rows(cast(User, request.user))
    chosen = request.GET.get("lage", "")
    counts = Counter(row.stage for row in found)
    address = reverse("translation_list")
    stages = [
        {
            "label": stage.label,
            "count": counts[stage],
            "url": f"{address}?lage={stage.value}",
            "current": chosen == stage.value,
        }
        for stage in Stage
    ]
    everything = {
        "label": _("Everything"),
        "count": len(found),
        "url": address,
        "current": chosen not in Stage.values,
    }
    shown = [row for row in found if everything["current"] or row.stage == chosen]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("sida"))
    return render(
        request,
        "marketplace/desk/translations.html",
        {
            "page": page,
            "stages": [everything, *stages],
            "may_start": can_translate_texts(request.user),
        },
    )


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
