"""Error pages: not found, forbidden, broken, or under maintenance."""

import re
import sys

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override
from django.views import defaults

from portal.foundation.unavailable import RETRY_AFTER_SECONDS, is_temporary

# Never shown again in a page: passwords and codes.
SECRET = re.compile("^(code|.*password.*|.*secret.*)$", re.IGNORECASE)


def not_found(request, exception):
    return defaults.page_not_found(request, exception, template_name="errors/404.html")


def forbidden(request, exception):
    return defaults.permission_denied(request, exception, template_name="errors/403.html")


def too_often(request, reason=""):
    """Answer a request over its limit, where no form can show the error."""
    response = render(request, "errors/429.html", {"reason": reason}, status=429)
    response["Retry-After"] = "600"
    return response


def csrf_failed(request, reason=""):
    """A form whose page has been open for too long, or a browser that keeps no cookies."""
    return render(request, "errors/csrf.html", {"typed": typed_here(request)}, status=403)


def typed_here(request):
    """What a form of our own held, to be sent again with a fresh token.

    Only what the browser says that one of our own pages has sent: nobody is handed a button that
    does what another site wants.
    """
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    if origin != own:
        return []
    return [each for each in typed_in(request) if each[0] != "csrfmiddlewaretoken"]


def failed(request):
    """What broke is ours (500), or the database is away or has too much to do (503)."""
    if is_temporary(sys.exc_info()[1]):
        return busy(request)
    return plain(request, "errors/500.html", status=500)


def busy(request):
    """Come back in a moment; what was typed is on the page and can be sent again from there."""
    response = plain(request, "errors/busy.html", status=503, typed=typed_in(request))
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def typed_in(request):
    """[(name, value)] of a form that could not be received. Secrets and files are left out."""
    if request.method != "POST" or request.path.startswith("/admin/"):
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:
        # The body could not be read: then there is nothing to give back.
        return []
    return [(name, value) for name, value in fields if not SECRET.search(name)]


def maintenance(get_response):
    """While `MAINTENANCE` is set nobody gets further than a friendly 503; health still answers."""

    def middleware(request):
        if not settings.MAINTENANCE or request.path.startswith("/halsa/"):
            return get_response(request)
        response = plain(request, "errors/503.html", status=503)
        response["Retry-After"] = "600"
        return response

    return middleware


def plain(request, template, *, status, **context):
    """A page that asks neither database nor session for anything: they may be what is broken."""
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string(template, context), status=status)
