"""What is shown on a device goes on when its session gets another key, as by a new password."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.notifications.phones.models import PushSubscription


def follow_the_session(get_response: Callable[[HttpRequest], HttpResponse]):
    """Let a device keep its notifications while the same person stays signed in on it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        before = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        response = get_response(request)
        now = request.session.session_key
        if before and now and before != now and request.user.is_authenticated:
            PushSubscription.objects.filter(user=request.user, session_key=before).update(
                session_key=now
            )
        return response

    return middleware
