"""Organisations in the admin."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.widgets.button import Button

from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import can_import_schools
from marketplace.organisations.registration.organisation_form import OrganisationAdminForm
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class OrganisationIndexView(ExportIndexView):
    """The list of organisations, with the way to import schools."""

    @cached_property
    def header_more_buttons(self):
        buttons = list(super().header_more_buttons)
        if can_import_schools(self.request.user):
            label = _("Import schools and preschools")
            buttons.append(Button(label, url=reverse("import_schools"), icon_name="upload"))
        return buttons


class OrganisationViewSet(ScopedViewSet):
    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    menu_name = "organisations"
    list_display = [
        "name",
        "type",
        "municipality",
        "approval",
        BooleanColumn("trusted", label=_("Trusted"), accessor="trusted"),
        "created_at",
    ]
    list_filter = ["type", "municipality", "approval", "trusted"]
    index_view_class = OrganisationIndexView
    list_export = [
        "name",
        "type",
        "org_number",
        "school_unit_code",
        "municipality",
        "approval",
        "trusted",
        "created_at",
    ]
    export_filename = "organisationer"
    search_fields = ["name", "org_number", "school_unit_code"]
    search_backend_name = None
    inspect_view_enabled = True
    # What it was merged into can be in another municipality.
    inspect_view_fields_exclude = ["merged_into", "approval_note"]
    list_per_page = 50
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="marketplace/organisations/admin/approval_panel.html"),
                    FieldPanel("trusted"),
                    FieldRowPanel([FieldPanel("type"), FieldPanel("municipality")]),
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("org_number"), FieldPanel("school_unit_code")]),
                    FieldPanel("website"),
                ],
                heading=_("Approval"),
            ),
            ObjectList(
                [
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("postcode"), FieldPanel("town")]),
                    FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                    FieldPanel("contact_name"),
                    FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                ],
                heading=_("Place and contact"),
            ),
        ],
        base_form_class=OrganisationAdminForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")
