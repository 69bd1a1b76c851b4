"""Carriers and their rounds in the admin, each coordinator's own."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from marketplace.municipalities.models import Municipality
from marketplace.roles.permissions import municipalities_for
from marketplace.transport.models import Carrier, Round
from marketplace.transport.permissions import can_plan_transport
from portal.foundation.admin.columns import YesNoColumn
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.form_fields import model_choice_field
from portal.foundation.menus import PermittedMenuItem

IN_USE = YesNoColumn("is_active", label=_("in use"))


class CarrierForm(WagtailAdminModelForm):
    """Coordinators choose among their own municipalities."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = municipalities_for(self.for_user)
        if own is not None:
            field = model_choice_field(self, "municipality")
            field.queryset = Municipality.objects.filter(pk__in=own)


class CarrierViewSet(ScopedViewSet):
    model = Carrier
    icon = "group"
    menu_label = _("Carriers")
    menu_name = "carriers"
    list_display = ["name", "municipality", "type", "vehicle", IN_USE]
    list_filter = ["type", "vehicle", "is_active"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("municipality"), FieldPanel("type")]),
            FieldPanel("organisation"),
            FieldPanel("vehicle"),
            FieldRowPanel([FieldPanel("kgco2e_per_km"), FieldPanel("factor_source")]),
            FieldPanel("note"),
            FieldPanel("is_active"),
        ],
        base_form_class=CarrierForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


class RoundViewSet(ScopedViewSet):
    model = Round
    icon = "date"
    menu_label = _("Rounds")
    menu_name = "rounds"
    list_display = ["carrier", "weekday", "starts", "ends", "capacity_kg", IN_USE]
    list_filter = ["weekday", "is_active"]
    edit_handler = ObjectList(
        [
            FieldPanel("carrier"),
            FieldRowPanel([FieldPanel("weekday"), FieldPanel("starts"), FieldPanel("ends")]),
            FieldRowPanel([FieldPanel("break_starts"), FieldPanel("break_ends")]),
            FieldPanel("areas"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("vehicles"), FieldPanel("most_stops")]),
                    FieldRowPanel([FieldPanel("capacity_kg"), FieldPanel("capacity_litres")]),
                    FieldRowPanel([FieldPanel("largest"), FieldPanel("minutes_per_stop")]),
                ],
                _("How much goes in"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("start_name"),
                    FieldRowPanel([FieldPanel("start_latitude"), FieldPanel("start_longitude")]),
                ],
                _("Where it starts"),
            ),
            FieldRowPanel([FieldPanel("driver_name"), FieldPanel("driver_phone")]),
            FieldPanel("is_active"),
        ],
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("carrier__municipality")


def days_menu_item():
    return PermittedMenuItem(
        _("Transport days"),
        reverse("transport_days"),
        name="transport-days",
        icon_name="calendar-alt",
        order=125,
        may=can_plan_transport,
    )
