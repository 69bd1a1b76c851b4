"""URLs of Wagtail and Wagtail Localize that the site answers itself, before theirs.

Each has its reason here and a text for reporting it in `docs/upstream/`. Nothing else of the admin
is answered in place of Wagtail. Of the site only pages are, which stand below the language:
`portal.site.urls` (docs/upstream/serve.md).
"""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from marketplace.desk.translations.text_views import snippet_translation
from marketplace.desk.translations.without_publishing import UpdateTranslations, no_alias
from marketplace.organisations.scoped_views import (
    bulk_action,
    site_history,
    site_history_results,
    snippets_api_detail,
    snippets_api_list,
)
from marketplace.roles import views as role_views
from portal.foundation.admin.redirects import process_import
from portal.foundation.admin.usage import DocumentUsage, ImageUsage
from portal.site.asking_again import ask_again_if_sensitive

urlpatterns = [
    # One way to sign in for everybody; Wagtail's own form knows only passwords, and stays reachable
    # with WAGTAILADMIN_LOGIN_URL. docs/upstream/login.md
    path(
        "admin/login/",
        role_views.sign_in_or_explain,
        name="wagtailadmin_login",
    ),
    # The log names every object of a model to those who may change some of them.
    # docs/upstream/site-history.md
    path("admin/reports/site-history/", site_history, name="site_history"),
    path(
        "admin/reports/site-history/results/",
        site_history_results,
        name="site_history_results",
    ),
    # Lists every row of every snippet to all staff. docs/upstream/localize-snippets-list.md
    path(
        "admin/localize/api/snippets/<slug:app_label>/<slug:model_name>/",
        snippets_api_list,
        name="snippets_api_list",
    ),
    # And each of them by its number. docs/upstream/localize-snippets-detail.md
    path(
        "admin/localize/api/snippets/<slug:app_label>/<slug:model_name>/<str:pk>/",
        snippets_api_detail,
        name="snippets_api_detail",
    ),
    # Offer to publish texts that nobody has translated. docs/upstream/localize-publish.md
    path(
        "admin/localize/update/<int:translation_source_id>/",
        UpdateTranslations.as_view(),
        name="update_translations",
    ),
    path(
        "admin/localize/page/<int:page_id>/convert_to_alias/",
        no_alias,
        name="convert_to_alias",
    ),
    # Makes a row with the first language's name, which is online at once.
    # docs/upstream/localize-publish.md
    path(
        "admin/localize/submit/snippet/<slug:app_label>/<slug:model_name>/<int:pk>/",
        snippet_translation,
        name="submit_snippet_translation",
    ),
    # Reads every place in which a file is used, one by one, to show twenty. docs/upstream/usage.md
    path(
        "admin/images/usage/<int:image_id>/",
        require_admin_access(ImageUsage.as_view()),
        name="image_usage",
    ),
    path(
        "admin/documents/usage/<int:document_id>/",
        require_admin_access(DocumentUsage.as_view()),
        name="document_usage",
    ),
    # Names the rows that one may not touch to all staff. docs/upstream/bulk-actions.md
    path(
        "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/",
        ask_again_if_sensitive(bulk_action),
        name="wagtail_bulk_action",
    ),
    # Fails where it is sent without the first step. docs/upstream/redirects-import.md
    path(
        "admin/redirects/import/process/",
        require_admin_access(process_import),
        name="process_import",
    ),
]
