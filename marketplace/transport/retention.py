"""How long it is kept who drove, and where something was to be left."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.transport.models import Shipment, Stop
from portal.foundation.privacy.rules import Rule, register


def remove_notes(before):
    """Notes for the driver and from the driver, and photos, of days long past."""
    notes = Shipment.objects.filter(run__date__lt=before).exclude(leave_note="")
    count = notes.update(leave_note="")
    stops = Stop.objects.filter(run__date__lt=before)
    for stop in stops.exclude(photo=None).select_related("photo"):
        if stop.photo:
            stop.photo.delete()
            count += 1
    return count + stops.filter(~Q(note="")).update(note="")


register(
    Rule(
        "transport_notes",
        _("Notes to and from the driver, and photos of what was left"),
        _("For questions about what was brought."),
        days=365,
        remove=remove_notes,
    ),
    Rule(
        "drivers",
        _("Who drives a round, with a telephone number"),
        _("So that the coordinator can reach the driver."),
        until=_("Until the coordinator changes it"),
    ),
)
