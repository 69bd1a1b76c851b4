"""The terms of use and the log of what has been removed, in Wagtail's admin."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import RetentionRun, TermsVersion
from .retention import RULES


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


class TermsViewSet(SnippetViewSet):
    model = TermsVersion
    icon = "doc-full-inverse"
    menu_label = _("Terms of use")
    menu_name = "terms"
    add_to_settings_menu = True
    inspect_view_enabled = True
    list_display = [
        "__str__",
        "valid_from",
        Column("acceptances", label=_("Accepted by"), accessor="accepted"),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("number"), FieldPanel("valid_from")]),
            FieldPanel("text_sv"),
            FieldPanel("text_en"),
            MultiFieldPanel([FieldPanel("changes_sv"), FieldPanel("changes_en")], _("What is new")),
        ],
        base_form_class=TermsForm,
    )

    def get_queryset(self, request):
        return TermsVersion.objects.annotate(accepted=Count("acceptances"))


class ReadOnlyPolicy(ModelPermissionPolicy):
    """A log: nobody adds, changes or removes its rows by hand."""

    def user_has_permission(self, user, action):
        return action in ("view", "inspect") and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class RetentionRunViewSet(ModelViewSet):
    """What the nightly job has removed, rule by rule."""

    model = RetentionRun
    name = "retention"
    icon = "bin"
    menu_label = _("Removed by age")
    menu_name = "retention"
    add_to_settings_menu = True
    form_fields = ["rule"]
    list_display = [
        "ran_at",
        Column("what", label=_("What"), accessor=lambda run: rule_text(run.rule)),
        "removed",
    ]
    list_filter = ["rule", "ran_at"]
    list_export = ["ran_at", "rule", "removed"]
    inspect_view_enabled = True
    list_per_page = 50


def rule_text(key):
    return RULES[key].what if key in RULES else key
