"""Requests as views get them, for annotations."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from portal.foundation.users.models import User


class SignedInRequest(HttpRequest):
    """The request of a view that only people who are signed in reach."""

    user: User


class HtmxRequest(HttpRequest):
    """A request that says whether htmx has made it, as all do after its middleware."""

    htmx: HtmxDetails
