"""Sensitive acts ask who one is again, 15 minutes after somebody last showed it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from portal.foundation.audit.services import EventType, record

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WITHOUT_FACTOR = {"password", "code", "socialaccount"}

# In the admin: people and roles, what changes figures afterwards, and mail to everybody.
SENSITIVE = {
    "wagtailusers_users:add",
    "wagtailusers_users:edit",
    "wagtailusers_users:delete",
    "wagtailusers_groups:add",
    "wagtailusers_groups:edit",
    "wagtailusers_groups:delete",
    "wagtailsnippets_marketplace_municipality:edit",
    "staff_people",
    "staff_person",
    "reset_factors",
    "dismiss_staff",
    "take_role",
    "change_municipalities",
    "merge_organisation",
    "organisation_people",
    "correct_handover",
    "correct_purchase",
    "figure_reports:recompute",
    "figure_reports:revert",
    "send_newsletter_now",
    "new_site",
}
# Lists that name people: their exports.
LISTS_OF_PEOPLE = {
    "wagtailusers_users:index",
    "people_report",
    "people_report_results",
    "wagtailsnippets_inspiration_subscriber:list",
    "wagtailsnippets_inspiration_newsletterdelivery:list",
    "wagtailsnippets_marketplace_organisation:list",
    "marketplace_reservation_modeladmin_index",
    "marketplace_handover_modeladmin_index",
    "marketplace_purchasereport_modeladmin_index",
    "marketplace_note_modeladmin_index",
    "post_office_email_modeladmin_index",
    "wagtailforms:list_submissions",
    "answer_report",
    "audit:index",
}


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last 15 minutes, in this session.

    Signing in counts. Who has a second factor has to have used it.
    """
    accepted = {"mfa"} if is_mfa_enabled(request.user, FACTORS) else WITHOUT_FACTOR | {"mfa"}
    shown = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("method") in accepted
    ]
    return bool(shown) and time.time() - max(shown) < app_settings.REAUTHENTICATION_TIMEOUT


def is_sensitive(request: HttpRequest) -> bool:
    """Whether the admin's page that is asked for is one that asks again."""
    match = cast(ResolverMatch, request.resolver_match)
    if match.view_name in SENSITIVE:
        return True
    if match.view_name == "wagtail_bulk_action":
        return (match.kwargs["app_label"], match.kwargs["model_name"]) == ("portal", "user")
    return "export" in request.GET and match.view_name in LISTS_OF_PEOPLE


def ask_again_if_sensitive(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view of the admin. What was filled in is kept, and sent once one has answered.

    Whatever list somebody takes out of the admin as a file is recorded.
    """
    asks = reauthentication_required(view)

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        sensitive = request.user.is_authenticated and is_sensitive(request)
        response = (asks if sensitive else view)(request, *args, **kwargs)
        if "export" in request.GET and response.has_header("Content-Disposition"):
            match = cast(ResolverMatch, request.resolver_match)
            record(EventType.EXPORTED, actor=request.user, what=match.view_name)
        return response

    return answer
