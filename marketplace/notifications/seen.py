"""What is new stops being new when it has been seen, by whichever way somebody came to it."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from marketplace.notifications.delivery import action_of

# A page about one thing, or one of the pages below it: what comes before is the same for all.
ABOUT_ONE_THING = re.compile(r"^.*?/\d+/")
LOOKED_THROUGH = 100


def about(path: str) -> str:
    """The part of `path` that says what a page is about, whatever it is called now."""
    found = ABOUT_ONE_THING.match(path)
    return found.group() if found else path


def mark_seen(user, path: str) -> int:
    """Mark as read what notifications of `user` lead to a page at `path`. Returns how many."""
    unread = user.notifications.unread().with_subjects()[:LOOKED_THROUGH]
    seen = [each.pk for each in unread if about(action_of(each)[1]) == about(path)]
    return user.notifications.filter(pk__in=seen).mark_read() if seen else 0


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
