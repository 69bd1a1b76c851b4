"""Count active users: store one row per signed-in user and day, and nothing else."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from marketplace.impact.usage.models import UserDay
from marketplace.organisations.permissions import acting_organisation
from portal.foundation.users.models import User

SESSION_KEY = "counted_day"
View: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


def count_user_days(get_response: View) -> View:
    """Record once a day that a signed-in user was active. Anonymous visitors leave no trace."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        user = getattr(request, "user", None)
        # What anybody may keep a copy of must not carry somebody's session cookie.
        shared = "public" in response.get("Cache-Control", "")
        if user is not None and user.is_authenticated and user.pk and not shared:
            today = timezone.localdate().isoformat()
            if request.session.get(SESSION_KEY) != today:
                note_day(request, user)
                request.session[SESSION_KEY] = today
        return response

    return middleware


def note_day(request: HttpRequest, user: User) -> None:
    organisation = acting_organisation(request)
    if organisation is None:
        side, municipality = UserDay.Side.OTHER, None
    else:
        side = UserDay.Side.COMPANY if organisation.is_company else UserDay.Side.SERVICE
        municipality = organisation.municipality
    # Two devices on the same day are one day: the first one counts.
    UserDay.objects.bulk_create(
        [UserDay(user=user, side=side, municipality=municipality)], ignore_conflicts=True
    )
