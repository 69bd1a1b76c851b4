"""The people of organisations as a list, for those who look after them: found, mailed, exported."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.permissions import can_import_schools
from marketplace.roles.permissions import municipalities_for
from portal.foundation import scopes
from portal.foundation.exports.views import ExportMixin
from portal.foundation.menus import PermittedMenuItem


def own_municipalities(request):
    """The municipalities to choose between: a coordinator's own, else all."""
    own = municipalities_for(request.user)
    return Municipality.objects.all() if own is None else own


class PeopleFilterSet(WagtailFilterSet):
    organisation__municipality = django_filters.ModelChoiceFilter(
        queryset=own_municipalities, label=_("Municipality")
    )
    organisation__type = django_filters.ChoiceFilter(
        choices=Organisation.Type.choices, label=_("Type")
    )

    class Meta:
        model = Membership
        fields = ["role"]


class PeopleReport(ExportMixin, ReportView):
    """One row for each person and organisation that they act for today.

    Left out is who is invited, waits to join or is shut out: they have not asked to be written to.
    """

    model = Membership
    page_title = _("People of organisations")
    header_icon = "user"
    index_url_name = "people_report"
    index_results_url_name = "people_report_results"
    filterset_class = PeopleFilterSet
    default_ordering = "organisation__name"
    export_filename = "personer"
    list_export = [
        "user.get_full_name",
        "user.email",
        "role",
        "organisation",
        "organisation.type",
        "organisation.municipality",
        "created_at",
    ]
    export_headings = {
        "user.get_full_name": _("Name"),
        "user.email": _("E-mail address"),
        "organisation.type": _("Type"),
        "organisation.municipality": _("Municipality"),
        "created_at": _("Since"),
    }

    def dispatch(self, request, *args, **kwargs):
        # Importing organisations includes looking after their people.
        if not can_import_schools(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def columns(self):
        return [
            TitleColumn(
                "user", label=_("Name"), get_url=page_of_people, sort_key="user__first_name"
            ),
            Column("email", label=_("E-mail address"), accessor="user.email"),
            Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
            Column("organisation", label=_("Organisation"), sort_key="organisation__name"),
            Column(
                "municipality",
                label=_("Municipality"),
                accessor="organisation.municipality",
                sort_key="organisation__municipality__name",
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Membership]:
        found = Membership.objects.active().filter(
            user__is_active=True, organisation__approval=Organisation.Approval.APPROVED
        )
        return scopes.listed(found, self.request.user).select_related(
            "user", "organisation__municipality"
        )


def page_of_people(membership: Membership) -> str:
    return reverse("organisation_people", args=[membership.organisation_id])


def menu_item() -> PermittedMenuItem:
    return PermittedMenuItem(
        _("People of organisations"),
        reverse("people_report"),
        name="people-of-organisations",
        icon_name="user",
        order=20,
        may=can_import_schools,
    )


urlpatterns = [
    path("personer/i-organisationer/", PeopleReport.as_view(), name="people_report"),
    path(
        "personer/i-organisationer/tabell/",
        PeopleReport.as_view(results_only=True),
        name="people_report_results",
    ),
]
