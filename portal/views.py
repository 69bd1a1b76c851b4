"""Views that belong to the whole site."""

from django.http import JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from post_office.models import Email
from wagtail.models import Site

from .models import SiteSettings


@cache_control(max_age=3600, public=True)
def manifest(request):
    """What a phone needs to keep the portal on its home screen."""
    settings = SiteSettings.for_site(Site.find_for_request(request))
    return JsonResponse(
        {
            "name": settings.name,
            "short_name": settings.name,
            "lang": "sv",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#f7f2e8",
            "theme_color": "#1f5c4a",
            "icons": [
                {"src": static("portal/img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("portal/img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": static("portal/img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
            "shortcuts": [
                {"name": "Erbjud material", "url": reverse("marketplace:offer")},
                {"name": "Hitta material", "url": reverse("search:material")},
            ],
        },
        content_type="application/manifest+json",
    )


def sent_mail(request):
    """The newest mail that the portal has sent. Development only: it is how one reads a code."""
    emails = Email.objects.order_by("-created")[:50]
    return render(request, "portal/sent_mail.html", {"emails": emails})


def style_guide(request):
    """Every component in its states. Development only."""
    return render(request, "portal/style_guide.html")
