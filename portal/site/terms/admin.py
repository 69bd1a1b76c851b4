"""The terms of use and the log of what has been removed, in Wagtail's admin."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy

from portal.foundation.admin.scoped import ScopedViewSet
from portal.site.terms.models import TermsVersion


class TermsPolicy(ModelPermissionPolicy):
    """What people may have accepted is never removed."""

    def user_has_permission(self, user, action):
        return action != "delete" and super().user_has_permission(user, action)


class TermsForm(WagtailAdminModelForm):
    """A new version begins with the words of the one before."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        newest = TermsVersion.objects.order_by("-number").first()
        if self.instance.pk is None and newest:
            self.fields["number"].initial = newest.number + 1
            self.fields["text_sv"].initial = newest.text_sv
            self.fields["text_en"].initial = newest.text_en

    def clean_valid_from(self):
        # Nobody can have accepted it before it was written.
        return max(self.cleaned_data["valid_from"], timezone.now())


class TermsViewSet(ScopedViewSet):
    model = TermsVersion
    icon = "doc-full-inverse"
    menu_label = _("Terms of use")
    menu_name = "terms"
    add_to_settings_menu = True
    inspect_view_enabled = True
    list_display = [
        "__str__",
        Column("site", label=_("Site"), accessor="site"),
        "valid_from",
        Column("acceptances", label=_("Accepted by"), accessor="accepted"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("site"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("valid_from")]),
            FieldPanel("text_sv"),
            FieldPanel("text_en"),
            MultiFieldPanel([FieldPanel("changes_sv"), FieldPanel("changes_en")], _("What is new")),
        ],
        base_form_class=TermsForm,
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("site")
            .annotate(accepted=Count("acceptances"))
        )
