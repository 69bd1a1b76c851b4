"""What is on its way to a hub, and what waits there, for those who look after it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.hubs.arrivals import services
from marketplace.hubs.permissions import own_hub
from marketplace.review.errors import ExchangeError


@login_required
@require_safe
def arrivals(request, slug):
    """On its way, kept for somebody, and left over: each with what can be done about it."""
    hub = own_hub(request, slug)
    found = hub.arrivals.with_parties()
    return render(
        request,
        "marketplace/hubs/arrivals.html",
        {
            "hub": hub,
            "expected": found.expected(),
            "kept": found.kept(),
            "left_over": found.left_over(),
        },
    )


def _step(service, said):
    """Make a view that runs `service` on an arrival for the hub's own people."""

    @login_required
    @require_POST
    def view(request, slug, pk):
        arrival = get_object_or_404(own_hub(request, slug).arrivals, pk=pk)
        try:
            service(arrival=arrival)
        except ExchangeError as error:
            messages.warning(request, str(error))
        else:
            arrival.refresh_from_db()
            messages.success(request, said(arrival))
        return redirect("marketplace:arrivals", slug)

    return view


receive = _step(
    services.receive,
    lambda arrival: (
        _("It is there. %(receiver)s has been told that it is kept until %(day)s.")
        % {
            "receiver": arrival.reservation.organisation.name,
            "day": date_format(arrival.kept_until, "j F"),
        }
    ),
)
hand_over = _step(
    services.hand_over,
    lambda arrival: _("The handover has been counted. Both sides have been notified."),
)
close = _step(services.close_arrival, lambda arrival: _("It is off the list."))
