"""What people see when something is not there, not theirs, broken or being mended."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override
from django.views import defaults


def not_found(request, exception):
    return defaults.page_not_found(request, exception, template_name="errors/404.html")


def forbidden(request, exception):
    return defaults.permission_denied(request, exception, template_name="errors/403.html")


def csrf_failed(request, reason=""):
    """A form whose page has been open for too long, or a browser that keeps no cookies."""
    return render(request, "errors/csrf.html", status=403)


def failed(request):
    return plain(request, "errors/500.html", status=500)


def maintenance(get_response):
    """While `MAINTENANCE` is set nobody gets further than a friendly 503; health still answers."""

    def middleware(request):
        if not settings.MAINTENANCE or request.path.startswith("/halsa/"):
            return get_response(request)
        response = plain(request, "errors/503.html", status=503)
        response["Retry-After"] = "600"
        return response

    return middleware


def plain(request, template, *, status):
    """A page that asks neither database nor session for anything: they may be what is broken."""
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string(template), status=status)
