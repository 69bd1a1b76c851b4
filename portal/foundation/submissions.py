"""Forms that create something are safe to send twice: a double click, a lost answer, a reload.

A form that creates carries a token, `{% once %}` beside its `{% csrf_token %}`. What has been
received with a token is received once; a repeated one is redirected where the first one was.
"""

import hashlib
import inspect
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TOKEN = "submission"  # noqa: S105  # the name of a field
KEEP = timedelta(days=2)
MAX_LENGTH = 2000


class ActOnce:
    """Let a view act once per submitted form, where the form carries a token.

    It is the innermost middleware, and calls the view in Django's place: so it also asks, in
    Django's place, the others for an answer to what the view raises.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.handler = inspect.unwrap(get_response).__self__

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        key = key_of(request) if request.method == "POST" else None
        if not key:
            return None
        try:
            return act_once(key, request, view, args, kwargs)
        except Exception as error:
            response = self.handler.process_exception_by_middleware(error, request)
            if response is None:
                raise
            return response


class Submission(models.Model):
    """A form that has been received, and where its sender was led."""

    key = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(gettext_lazy("received"), default=timezone.now)
    led_to = models.CharField(gettext_lazy("led to"), max_length=MAX_LENGTH)

    class Meta:
        app_label = "portal"
        verbose_name = gettext_lazy("received form")
        verbose_name_plural = gettext_lazy("received forms")
        indexes = [models.Index(fields=["received_at"], name="submission_received")]

    def __str__(self):
        return self.key


def new_token() -> str:
    return uuid.uuid4().hex


def key_of(request: HttpRequest) -> str | None:
    """What tells one submission from another, or None when the form carries no token.

    The content belongs to it: somebody who goes back, changes the text and sends the same page
    means something new.
    """
    token = request.POST.get(TOKEN, "")
    if not token:
        return None
    left_out = {TOKEN, "csrfmiddlewaretoken"}
    fields = sorted((k, v) for k, values in request.POST.lists() for v in values)
    files = sorted((k, f.name, f.size) for k, found in request.FILES.lists() for f in found)
    content = [request.user.pk, request.path, token, [f for f in fields if f[0] not in left_out]]
    return hashlib.sha256(repr([*content, files]).encode()).hexdigest()


@transaction.atomic
def act_once(key: str, request: HttpRequest, view: Callable, args: tuple, kwargs: dict):
    """The answer of `view`, or the way that its first answer led. A view has acted if it redirects.

    All that it does is one transaction with the note that it has been done.
    """
    # A second one that comes at the same time waits here until the first is done.
    submission, is_first = Submission.objects.get_or_create(key=key)
    if not is_first:
        messages.info(request, _("We had already received this. It is saved once."))
        return HttpResponseRedirect(submission.led_to)
    response = view(request, *args, **kwargs)
    if isinstance(response, HttpResponseRedirect) and len(response.url) <= MAX_LENGTH:
        submission.led_to = response.url
        submission.save(update_fields=["led_to"])
    else:
        submission.delete()
    return response


def forget_old(now=None) -> int:
    """Forget what was received long ago. Returns how many."""
    old = Submission.objects.filter(received_at__lt=(now or timezone.now()) - KEEP)
    return old.delete()[0]
