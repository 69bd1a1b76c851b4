"""What the portal adds to Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from .models import RetentionRun, TermsVersion
from .viewsets import ReadOnlyPolicy, RetentionRunViewSet, TermsPolicy, TermsViewSet

register_permission_policy(TermsVersion, TermsPolicy(TermsVersion))
register_permission_policy(RetentionRun, ReadOnlyPolicy(RetentionRun))
register_snippet(TermsViewSet)


@hooks.register("register_admin_viewset")
def retention_viewset():
    return RetentionRunViewSet("retention")


@hooks.register("insert_global_admin_css")
def branding():
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))


@hooks.register("insert_global_admin_js")
def scripts():
    return format_html('<script type="module" src="{}"></script>', static("portal/js/admin.js"))
