"""Middleware for what leaves: who may keep a copy, and what a browser may do with a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# What the site uses of a phone: its camera and its position, and neither on other sites' behalf.
PERMISSIONS_POLICY = ", ".join(
    ["camera=(self)", "fullscreen=(self)", "geolocation=(self)"]
    + [
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "autoplay",
            "bluetooth",
            "browsing-topics",
            "display-capture",
            "gyroscope",
            "hid",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ]
)
# Pages of the admin that show a page of the site, and so are held to the site's own policy.
PREVIEWS = (
    "preview_on_add",
    "preview_on_edit",
    "view_draft",
    "revisions_view",
    "workflow_preview",
    "preview_translation",
    "wagtailadmin_block_preview",
)
# URL parameters that are secrets: knowing the URL grants access.
SECRETS = {"token", "key", "uidb36"}
PRIVATE_PLACES = ("/admin/", "/konto/", "/mitt/")


def depends_on_who_asks(request: HttpRequest) -> bool:
    """Whether the answer is for somebody: signed in, in their own place, or with a secret link."""
    match = getattr(request, "resolver_match", None)
    if match and SECRETS & match.kwargs.keys():
        return True
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return True
    path = request.path_info
    for code, _name in settings.LANGUAGES:
        path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
    return path.startswith(PRIVATE_PLACES)


def set_caching(request: HttpRequest, response: HttpResponse) -> None:
    """Let nobody keep what depends on who asks, unless a view has said that all see the same."""
    if "public" in response.get("Cache-Control", ""):
        return
    if depends_on_who_asks(request):
        response["Cache-Control"] = "private, no-store"
    elif not response.has_header("Cache-Control"):
        # Not shared: forms carry a visitor's own token.
        patch_cache_control(response, private=True)


def is_preview(request: HttpRequest) -> bool:
    match = getattr(request, "resolver_match", None)
    return match is not None and match.url_name in PREVIEWS


def set_policies(request: HttpRequest, response: HttpResponse) -> None:
    """Say what the browser may do; the CSP itself is written by django-csp, further out."""
    if request.path_info.startswith("/admin/") and not is_preview(request):
        # `_csp_config` is how django-csp wants it.
        response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    open_to_all = response.get("Access-Control-Allow-Origin") == "*"
    response.headers.setdefault(
        "Cross-Origin-Resource-Policy", "cross-origin" if open_to_all else "same-origin"
    )


def headers(get_response: Callable[[HttpRequest], HttpResponse]):
    """Set the headers of every answer that a view has given."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        set_caching(request, response)
        set_policies(request, response)
        return response

    return middleware
