"""A school that asks a company for several things at once."""

from itertools import groupby
from operator import attrgetter

from marketplace.exchange.joint_requests.services import create_requests
from marketplace.exchange.reservations.parts import sensible_part
from marketplace.listings.models import MaterialListing
from marketplace.organisations.models import Organisation
from portal.foundation.users.models import User

THINGS = 3


def ask_for_several(*, receiver: Organisation, by: User) -> None:
    """Let `receiver` ask the company that has most to give for some of its things."""
    asked = receiver.reservations.open().values("listing")
    available = (
        MaterialListing.objects.available()
        .filter(organisation__type="company", splittable=True)
        .exclude(pk__in=asked)
        .select_related("stock", "organisation")
        .order_by("organisation", "pk")
    )
    givers = [list(rows) for _giver, rows in groupby(available, attrgetter("organisation_id"))]
    things = max(givers, key=len)[:THINGS]
    create_requests(
        parts={each: sensible_part(each, each.stock) for each in things},
        organisation=receiver,
        by=by,
        purpose="Vi bygger en stad av överblivet material.",
        can_come="Vardagar efter 15",
    )
