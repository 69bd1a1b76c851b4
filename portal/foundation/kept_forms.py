"""What somebody has written in a form while signed out is kept until they have signed in.

A view that needs somebody signed in and takes what is worth typing once is decorated with
`keeps_form`. What is sent signed out is kept, signing in leads back to the form, and the form opens
with it. It is on my page as well, until it is sent or thrown away.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

from portal.foundation import throttling
from portal.foundation.text_cleaning.cleaning import clean_data

# In the session: the keys of what was written in this browser by somebody who was not signed in.
SESSION_KEY = "kept_forms"
LEFT_OUT = {"csrfmiddlewaretoken", "submission"}
MOST_FIELDS, MOST_VALUES, MOST_CHARACTERS = 50, 30, 5000


class KeptForm(models.Model):
    """A form as it was sent by somebody who had to sign in first."""

    KEEP_DAYS = 30
    # Of one person or browser. The oldest make room: what was typed last is what somebody misses.
    MOST = 50

    user = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.CASCADE, related_name="kept_forms"
    )
    path = models.CharField(_("path of the form"), max_length=500)
    name = models.CharField(_("name"), max_length=200)
    data = models.JSONField(_("fields, each with its list of values"))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "portal"
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.path


def claimed(request: HttpRequest, rows: QuerySet, session_key: str) -> QuerySet:
    """Return those of `rows` that the visitor has written.

    `session_key` is where `remember` has noted what was written in this browser signed out; signing
    in makes it the person's, on every device.
    """
    keys = request.session.get(session_key, [])
    written = rows.filter(pk__in=keys, user=None)
    if not request.user.is_authenticated:
        return written
    if keys:
        written.update(user=request.user)
        del request.session[session_key]
    return rows.filter(user=request.user)


def remember(request: HttpRequest, row: models.Model, session_key: str) -> None:
    """Note in the session that `row` was written in this browser."""
    request.session[session_key] = [*{*request.session.get(session_key, []), row.pk}]


def bounded(fields: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Return the values of each field, no more and no longer than a form may have."""
    return {
        name: [each[:MOST_CHARACTERS] for each in values[:MOST_VALUES]] for name, values in fields
    }


def kept_forms(request: HttpRequest) -> QuerySet[KeptForm]:
    """What the visitor has written and not sent yet."""
    has_new = bool(request.session.get(SESSION_KEY))
    written = claimed(request, KeptForm.objects.all(), SESSION_KEY)
    if has_new:
        oldest = list(written.values_list("pk", flat=True)[KeptForm.MOST :])
        written.filter(pk__in=oldest).delete()
    return written


def keep(request: HttpRequest, name: str) -> KeptForm:
    """Keep the form that was sent to the path of `request`."""
    fields = list(request.POST.lists())[:MOST_FIELDS]
    data = bounded((field, values) for field, values in fields if field not in LEFT_OUT)
    kept = kept_forms(request).filter(path=request.path).first() or KeptForm(path=request.path)
    kept.name, kept.data = name, clean_data(data)
    kept.save()
    remember(request, kept, SESSION_KEY)
    request.session[SESSION_KEY] = list(kept_forms(request).values_list("pk", flat=True))
    return kept


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What was written in the form at this path, as initial values. {} where nothing was."""
    if request.method != "GET" or not request.user.is_authenticated:
        return {}
    kept = kept_forms(request).filter(path=request.path).first()
    if kept is None:
        return {}
    data = QueryDict(mutable=True)
    for name, values in kept.data.items():
        data.setlist(name, values)
    return {name: data.get(name) for name in data}


def keeps_form(name: Callable[..., str]) -> Callable:
    """Let a view need somebody signed in, and lose nothing of what is sent to it signed out.

    `name` gives what my page calls the form, from the request and the view's arguments. Once the
    view has led on from a form that was sent, what was kept of it goes.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    throttling.consume_by_device("draft", request=request)
                    keep(request, name(request, *args, **kwargs))
                entrance = resolve_url("account_login")
                return redirect(f"{entrance}?{urlencode({'next': request.get_full_path()})}")
            response = view(request, *args, **kwargs)
            if request.method == "POST" and response.status_code == 302:
                kept_forms(request).filter(path=request.path).delete()
            return response

        return guarded

    return decorate
