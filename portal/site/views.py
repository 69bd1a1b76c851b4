"""Views that belong to the whole site."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from wagtail.models import Site

from portal.foundation.site_settings.models import SiteSettings

# One worker serves a site, so its parts are one script.
WORKER = ["portal/js/service-worker.js", "portal/js/push-worker.js"]


@cache_control(max_age=3600, public=True)
def manifest(request):
    """What a phone needs to keep the portal on its home screen, in the language `?lang=`."""
    site = SiteSettings.for_site(Site.find_for_request(request))
    language = request.GET.get("lang")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with override(language):
        content = {
            "name": site.name,
            "short_name": site.name,
            "description": site.tagline_in(language),
            "lang": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
            "id": "/",
            "start_url": reverse("wagtail_serve", args=[""]),
            "display": "standalone",
            "background_color": "#f7f2e8",
            "theme_color": site.accent_colour or "#1f5c4a",
            "icons": [
                icon(192),
                icon(512),
                # The drawing keeps inside the circle that phones may cut out.
                icon(512) | {"purpose": "maskable"},
                {"src": static("portal/img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
            "shortcuts": [
                {"name": _("Offer material"), "url": reverse("marketplace:offer")},
                {"name": _("Find material"), "url": reverse("search:material")},
            ],
        }
    return JsonResponse(content, content_type="application/manifest+json")


@cache_control(max_age=3600, public=True)
def robots(request):
    """What robots need not look at, and where the list of all pages is."""
    private = ["/admin/", "/api/", "/dokument/", "/mitt/", "/konto/", "/sok/forslag/"]
    prefixes = [
        "" if code == settings.LANGUAGE_CODE else f"/{code}" for code in dict(settings.LANGUAGES)
    ]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in private]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cache_control(max_age=86400, public=True)
def security_txt(request):
    """Whom to write to about a hole in the portal (RFC 9116)."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        mail = SiteSettings.for_site(Site.find_for_request(request)).contact_email
        contact = f"mailto:{mail}" if mail else request.build_absolute_uri("/kontakt/")
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: sv, en",
        f"Canonical: {request.build_absolute_uri()}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cache_control(max_age=86400, public=True)
def favicon(request):
    """The icon at the address where some look for it without asking the page."""
    return redirect(static("portal/img/icon-192.png"))


def icon(size):
    return {
        "src": static(f"portal/img/icon-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
    }


@cache_control(max_age=0, public=True)
def service_worker(request):
    """What answers without a connection and shows notifications; at the root: for every page."""
    scripts = [Path(finders.find(part) or staticfiles_storage.path(part)) for part in WORKER]
    return HttpResponse(
        "\n".join(script.read_text() for script in scripts), content_type="text/javascript"
    )


def offline(request):
    """What is shown without a connection. It is kept by the browser, so it names nobody."""
    request.user = AnonymousUser()
    return render(request, "portal/site/offline.html")
