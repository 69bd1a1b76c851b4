"""What the portal adds to Wagtail's admin."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Model
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.models import register_form_field_override
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.documents import get_document_model
from wagtail.models import AbstractPage, Collection, Locale, Page, Site, Task, Workflow
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from portal.foundation.admin.records import ReadOnlyPolicy
from portal.foundation.audit.admin import AuditViewSet
from portal.foundation.audit.models import AuditEvent
from portal.foundation.images.library import library_policy
from portal.foundation.images.models import CustomImage
from portal.foundation.mail import admin_views as mail_views
from portal.foundation.menus import PermittedMenuItem
from portal.foundation.pages.link_handlers import register_links
from portal.foundation.pages.policy import PagePolicy
from portal.foundation.pages.tree import PageTree
from portal.foundation.scopes import by_permission, everything, register_scope
from portal.site import (  # noqa: F401  # register hooks, or set names
    admin_menu,
    conflicts,
    package_names,
    people_hooks,
    system_state,
)
from portal.site.retention.admin import RetentionRunViewSet
from portal.site.retention.models import RetentionRun
from portal.site.starter.views import new_site
from portal.site.terms.admin import TermsPolicy, TermsViewSet
from portal.site.terms.models import TermsVersion
from portal.site.users import GiveRoles

register_permission_policy(TermsVersion, TermsPolicy(TermsVersion))
register_permission_policy(AuditEvent, ReadOnlyPolicy(AuditEvent))
register_permission_policy(RetentionRun, ReadOnlyPolicy(RetentionRun))
register_permission_policy(AbstractPage, PagePolicy(Page))
# Wagtail registers its own for the same model, perhaps later.
register_permission_policy(CustomImage, library_policy(), exact_class=True)
for model in (TermsVersion, AuditEvent, RetentionRun):
    register_scope(model, by_permission)
# Wagtail's own views ask its own policies about each of these.
WAGTAIL_GUARDS: tuple[type[Model], ...] = (
    CustomImage,
    get_document_model(),
    Page,
    Collection,
    Query,
    Redirect,
    Workflow,
    Task,
    Site,
    Locale,
    get_user_model(),
    Group,
)
for guarded in WAGTAIL_GUARDS:
    register_scope(guarded, everything)
register_snippet(TermsViewSet)
# Numbers are written with the comma or point of the reader's language.
register_form_field_override(models.DecimalField, override={"localize": True})
hooks.register("register_bulk_action", GiveRoles, order=100)
# After Wagtail has registered its own.
hooks.register("register_rich_text_features", register_links, order=1000)


@hooks.register("register_admin_viewset")
def audit_viewset():
    return AuditViewSet("audit")


@hooks.register("register_admin_viewset")
def retention_viewset():
    return RetentionRunViewSet("retention")


@hooks.register("register_admin_urls")
def own_urls():
    return [
        path("ny-webbplats/", new_site, name="new_site"),
        path("mejl/<int:pk>/skicka-igen/", mail_views.send_again, name="send_mail_again"),
    ]


@hooks.register("construct_admin_api")
def page_tree(router):
    router.register_endpoint("pages", PageTree)


@hooks.register("register_settings_menu_item")
def new_site_menu_item():
    return PermittedMenuItem(
        _("New site"),
        reverse("new_site"),
        name="new-site",
        icon_name="site",
        may=lambda user: user.has_perm("wagtailcore.add_site"),
    )


@hooks.register("insert_global_admin_css")
def branding():
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))


@hooks.register("insert_global_admin_js")
def scripts():
    return format_html('<script type="module" src="{}"></script>', static("portal/js/admin.js"))
