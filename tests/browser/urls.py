"""The addresses of the portal, with those that only development has, and pages that fail."""

from functools import wraps

from django.urls import path

from portal.site.error_pages import csrf_failed, failed
from portal.site.style_guide import style_guide
from portal.site.urls import handler403, handler404, handler500
from portal.site.urls import urlpatterns as portal_urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@wraps(handler403)
def refused(request):
    """As a view of the portal, whose name it bears: others are not open."""
    return handler403(request, exception=None)


urlpatterns = [
    path("stilguide/", style_guide),
    *(
        address
        for prefix in ("", "en/")
        for address in (
            path(f"{prefix}fel/403/", refused),
            path(f"{prefix}fel/500/", failed),
            path(f"{prefix}fel/csrf/", csrf_failed),
        )
    ),
    *portal_urlpatterns,
]
