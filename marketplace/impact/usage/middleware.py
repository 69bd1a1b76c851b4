"""Counting who uses the portal: one row per signed-in person and day, and nothing else."""

from django.utils import timezone

from marketplace.impact.usage.models import UserDay
from marketplace.organisations.permissions import acting_organisation

SESSION_KEY = "counted_day"


def count_user_days(get_response):
    """Note, once a day, that a signed-in person used the portal. Visitors leave no trace."""

    def middleware(request):
        response = get_response(request)
        user = getattr(request, "user", None)
        # What anybody may keep a copy of must not carry somebody's session cookie.
        shared = "public" in response.get("Cache-Control", "")
        if user is not None and user.is_authenticated and user.pk and not shared:
            today = timezone.localdate().isoformat()
            if request.session.get(SESSION_KEY) != today:
                note_day(request)
                request.session[SESSION_KEY] = today
        return response

    return middleware


def note_day(request):
    organisation = acting_organisation(request)
    if organisation is None:
        side, municipality = UserDay.Side.OTHER, None
    else:
        side = UserDay.Side.COMPANY if organisation.is_company else UserDay.Side.SERVICE
        municipality = organisation.municipality
    # Two devices on the same day are one day: the first one counts.
    UserDay.objects.bulk_create(
        [UserDay(user=request.user, side=side, municipality=municipality)], ignore_conflicts=True
    )
