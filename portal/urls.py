"""Every address of the site. Swedish has no prefix; English is under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import views as sitemaps
from wagtail.documents import urls as wagtaildocs_urls

from inspiration.sitemaps import PagesSitemap
from marketplace import admin_views
from marketplace.sitemaps import ListingsSitemap, ListsSitemap

from . import errors, health, my_data, style_guide, views
from .api import api

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed

SITEMAPS = {"sidor": PagesSitemap, "material": ListingsSitemap, "listor": ListsSitemap}

urlpatterns = [
    # One way to sign in for everybody; Wagtail's own form would know only passwords.
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailadmin_login",
    ),
    # Before Wagtail's own, which do not know who may see what.
    path("admin/reports/site-history/", admin_views.site_history, name="site_history"),
    path(
        "admin/reports/site-history/results/",
        admin_views.site_history_results,
        name="site_history_results",
    ),
    path(
        "admin/localize/api/snippets/<slug:app_label>/<slug:model_name>/",
        admin_views.snippets_api_list,
        name="snippets_api_list",
    ),
    path(
        "admin/localize/api/snippets/<slug:app_label>/<slug:model_name>/<str:pk>/",
        admin_views.snippets_api_detail,
        name="snippets_api_detail",
    ),
    path(
        "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/",
        admin_views.bulk_action,
        name="wagtail_bulk_action",
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", api.urls),
    path("halsa/live", health.live, name="health_live"),
    path("halsa/redo", health.ready, name="health_ready"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("dokument/", include(wagtaildocs_urls)),
]

if settings.DEBUG:
    urlpatterns += [
        path("dev/mejl/", views.sent_mail, name="sent_mail"),
        path("stilguide/", style_guide.style_guide, name="style_guide"),
    ]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path("konto/", include("allauth.urls")),
    path("utan-uppkoppling/", views.offline, name="offline"),
    path("villkor/", my_data.terms, name="terms"),
    path("integritet/tider/", my_data.retention, name="retention"),
    path("mitt/uppgifter/", my_data.my_data, name="my_data"),
    path("mitt/uppgifter/hamta/", my_data.export_my_data, name="export_my_data"),
    path("mitt/uppgifter/bort/", my_data.leave, name="leave"),
    path(
        "mitt/uppgifter/inloggningar/bort/", my_data.end_other_sessions, name="end_other_sessions"
    ),
    path("mitt/uppgifter/inloggningar/<int:pk>/bort/", my_data.end_session, name="end_session"),
    path("", include("search.urls")),
    path("", include("marketplace.urls")),
    path("", include("inspiration.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
