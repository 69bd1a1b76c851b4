"""The addresses of the portal, with those that only development has, and pages that fail."""

from django.core.exceptions import PermissionDenied
from django.urls import path

from portal import errors, style_guide
from portal.urls import handler403, handler404, handler500
from portal.urls import urlpatterns as portal_urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def forbidden(request):
    raise PermissionDenied


urlpatterns = [
    path("stilguide/", style_guide.style_guide),
    *(
        address
        for prefix in ("", "en/")
        for address in (
            path(f"{prefix}fel/403/", forbidden),
            path(f"{prefix}fel/500/", errors.failed),
            path(f"{prefix}fel/csrf/", errors.csrf_failed),
        )
    ),
    *portal_urlpatterns,
]
