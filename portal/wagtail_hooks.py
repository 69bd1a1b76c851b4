"""What the portal adds to Wagtail's admin."""

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
