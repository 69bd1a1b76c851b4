"""The right moment to offer notifications: somebody has just sent what they await an answer to."""

from django.http import HttpRequest

from marketplace.notifications.phones import push
from portal.foundation.users.requests import SignedInRequest

KEPT = "sent_something"


def note_moment(request: HttpRequest) -> None:
    """Remember that the visitor has sent a reservation or an offer, for the page that follows."""
    if push.is_on():
        request.session[KEPT] = True


def take_moment(request: SignedInRequest) -> bool:
    """Whether to offer notifications on this page. Once for each thing that was sent."""
    if not push.is_on() or not request.session.pop(KEPT, False):
        return False
    here = request.session.session_key
    return not request.user.push_subscriptions.filter(session_key=here).exists()
