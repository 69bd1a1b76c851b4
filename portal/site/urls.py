"""Every address of the site. Swedish has no prefix; English is under /en/."""

from urllib.parse import urlsplit

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import views as sitemaps
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns

from inspiration.pages.sitemaps import PagesSitemap
from marketplace.listings.sitemaps import ListingsSitemap, ListsSitemap
from portal.foundation.images.views import media
from portal.foundation.mail.views import sent_mail
from portal.foundation.pages.views import serve
from portal.site import wagtail_overrides
from portal.site.accounts.entrance import (
    arrive,
    ask_for_code,
    code_elsewhere,
    confirm_code,
    sign_in,
)
from portal.site.accounts.views import code_again, confirm_address
from portal.site.api import api
from portal.site.asking_again import ask_again_if_sensitive
from portal.site.error_pages import failed, forbidden, not_found, too_often
from portal.site.health import live, ready
from portal.site.metrics import metrics
from portal.site.my_data.views import (
    end_other_sessions,
    end_session,
    export_my_data,
    leave,
    my_data,
)
from portal.site.retention.views import retention
from portal.site.style_guide import style_guide
from portal.site.terms.views import terms
from portal.site.views import favicon, manifest, offline, robots, security_txt, service_worker

handler403 = forbidden
handler404 = not_found
handler429 = too_often  # asked for by allauth
handler500 = failed

SITEMAPS = {"sidor": PagesSitemap, "material": ListingsSitemap, "listor": ListsSitemap}

urlpatterns = [
    *wagtail_overrides.urlpatterns,
    path(
        "admin/",
        include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, ask_again_if_sensitive)),
    ),
    path("api/v1/", api.urls),
    path("halsa/live", live, name="health_live"),
    path("halsa/redo", ready, name="health_ready"),
    path("halsa/matt", metrics, name="metrics"),
    path("service-worker.js", service_worker, name="service_worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("favicon.ico", favicon, name="favicon"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("dokument/", include(wagtaildocs_urls)),
    path(f"{urlsplit(settings.MEDIA_URL).path.strip('/')}/<path:path>", media, name="media"),
]

if settings.DEBUG:
    urlpatterns += [
        path("dev/mejl/", sent_mail, name="sent_mail"),
        path("stilguide/", style_guide, name="style_guide"),
    ]

urlpatterns += i18n_patterns(
    path("konto/adress/<str:token>/", confirm_address, name="confirm_address"),
    path("konto/kod/<str:token>/", code_elsewhere, name="code_elsewhere"),
    # Before allauth's own, which know nothing of codes for those who are new.
    path("konto/login/", sign_in, name="account_login"),
    path("konto/login/code/", ask_for_code, name="account_request_login_code"),
    path("konto/login/code/confirm/", confirm_code, name="account_confirm_login_code"),
    path("konto/reauthenticate/code/", code_again, name="account_request_reauthentication_code"),
    path("konto/signup/", arrive, name="account_signup"),
    path("konto/", include("allauth.urls")),
    path("utan-uppkoppling/", offline, name="offline"),
    path("villkor/", terms, name="terms"),
    path("integritet/tider/", retention, name="retention"),
    path("mitt/uppgifter/", my_data, name="my_data"),
    path("mitt/uppgifter/hamta/", export_my_data, name="export_my_data"),
    path("mitt/uppgifter/bort/", leave, name="leave"),
    path("mitt/uppgifter/inloggningar/bort/", end_other_sessions, name="end_other_sessions"),
    path("mitt/uppgifter/inloggningar/<int:pk>/bort/", end_session, name="end_session"),
    path("", include("search.urls")),
    path("", include("marketplace.urls")),
    path("", include("inspiration.urls")),
    # Before Wagtail's own of the same name. docs/upstream/serve.md
    re_path(serve_pattern, serve, name="wagtail_serve"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
