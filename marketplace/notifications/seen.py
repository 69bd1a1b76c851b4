"""What is new stops being new when it has been seen, by whichever way somebody came to it."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from marketplace.notifications.delivery import action_of
from marketplace.notifications.models import Notification
from portal.foundation.page_cache.values import kept
from portal.foundation.users.models import User

# A page about one thing, or one of the pages below it: what comes before is the same for all.
ABOUT_ONE_THING = re.compile(r"^.*?/\d+/")
LOOKED_THROUGH = 100
# Where a user keeps the number that the header shows.
COUNTED = "unread_notifications"


def about(path: str) -> str:
    """The part of `path` that says what a page is about, whatever it is called now."""
    found = ABOUT_ONE_THING.match(path)
    return found.group() if found else path


def mark_seen(user: User, path: str) -> int:
    """Mark as read what notifications of `user` lead to a page at `path`. Returns how many."""
    unread = list(user.notifications.unread().values_list("pk", flat=True)[:LOOKED_THROUGH])
    here = about(path)
    seen = [pk for pk, there in places_of(unread).items() if there == here]
    if len(unread) < LOOKED_THROUGH:
        # The header says how many are left: no need to count them again.
        setattr(user, COUNTED, len(unread) - len(seen))
    return user.notifications.filter(pk__in=seen).mark_read() if seen else 0


def mark_read_about(user: User, **subject: Any) -> None:
    """Mark as read all that tells `user` of `subject`, wherever it leads."""
    if user.notifications.filter(**subject).mark_read() and hasattr(user, COUNTED):
        # More than `mark_seen` knew of, so the header counts again.
        delattr(user, COUNTED)


def places_of(notifications: list[int]) -> dict[int, str]:
    """What the page is about that each notification (by its number) leads to."""

    def read() -> dict[int, str]:
        found = Notification.objects.filter(pk__in=notifications).with_subjects()
        return {each.pk: about(action_of(each)[1]) for each in found}

    # With every page that somebody opens, while their notifications are the same for days.
    return kept("places", read, get_language(), notifications) if notifications else {}


class ForgetWhatIsSeen:
    """Middleware: before a page is written, so that its own count of unread is right already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        shown = request.method == "GET" and request.user.is_authenticated
        if shown and request.resolver_match.app_name == "marketplace":
            mark_seen(request.user, request.path)
