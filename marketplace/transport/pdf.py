"""A day's list on paper, for a driver without a phone: one page per vehicle."""

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from marketplace.materials.units import Unit, format_quantity
from marketplace.transport.driving import stops_of
from marketplace.transport.models import Run, Stop
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "marketplace/transport/run.typ"


def run_pdf(run: Run) -> bytes:
    """The list of `run`, as bytes of a PDF/UA."""
    heading = f"{run.round.carrier.name}, {date_format(run.date, 'l j F Y')}"
    data = {
        "headings": [_("Time"), _("What to do"), _("Where"), _("What and how much"), _("Done")],
        "tours": [
            {
                "title": heading
                if run.round.vehicles == 1
                else _("%(day)s, vehicle %(number)d") % {"day": heading, "number": tour.number},
                "facts": facts(run, tour),
                "stops": [row(stop) for stop in stops_of(tour)],
            }
            for tour in run.tours.order_by("number")
        ],
        "nothing": _("Nothing is planned."),
    }
    return compile_pdf(TEMPLATE, data, title=heading)


def facts(run, tour):
    round_ = run.round
    driver = ", ".join(filter(None, [round_.driver_name, round_.driver_phone]))
    found = [
        _("Starts at %(place)s, %(time)s")
        % {"place": round_.start_name, "time": time_format(round_.starts)},
        _("About %(km)d km") % {"km": round(tour.kilometres)},
    ]
    return [driver, *found] if driver else found


def row(stop: Stop):
    listing = stop.shipment.reservation.listing
    load = stop.shipment.load
    amount = format_quantity(stop.shipment.reservation.quantity, listing.stock.unit)
    weight = format_quantity(round(load.kg, 1), Unit.KILOGRAM)
    planned = stop.planned_at
    return [
        time_format(timezone.localtime(planned)) if planned else "",
        str(stop.get_type_display()),
        ", ".join(filter(None, [stop.organisation.name, stop.address])),
        f"{listing.title}: {amount}, {weight}",
        "",
    ]
