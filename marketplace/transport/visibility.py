"""Who may see the photos that drivers take: both sides, and the coordinator."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from marketplace.organisations.permissions import own_organisations
from marketplace.roles.permissions import coordinated_by
from marketplace.transport.models import Stop
from portal.foundation.images import visibility


class OfStops:
    """The photos of stops are nobody's but theirs whom the reservation is about."""

    def is_public(self, image_id: int) -> bool:
        return False

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        if not request.user.is_authenticated:
            return False
        mine = own_organisations(request.user).order_by().values("pk")
        path = "shipment__reservation"
        return (
            Stop.objects.filter(photo=image_id)
            .filter(
                Q(**{f"{path}__organisation__in": mine})
                | Q(**{f"{path}__listing__organisation__in": mine})
                | Q(run__round__carrier__municipality__in=coordinated_by(request.user))
            )
            .exists()
        )

    def closed(self) -> QuerySet:
        return Stop.objects.exclude(photo=None).values("photo_id")


def register() -> None:
    visibility.register(OfStops())
