"""What is to be brought to a hub, known there before it comes."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.exchange.reservations.models import Reservation
from marketplace.materials.units import QUANTITY

PROMISED = Q(reservation__state=Reservation.State.ACCEPTED)
NOT_SHELVED = Q(movement=None, closed_at=None)
CALLED_OFF = [
    Reservation.State.CANCELLED,
    Reservation.State.DECLINED,
    Reservation.State.EXPIRED,
]


class ArrivalQuerySet(models.QuerySet):
    def expected(self):
        """On its way: for a shelf, or for somebody whom it has been promised."""
        return self.filter(NOT_SHELVED, PROMISED | Q(reservation=None), arrived_at=None)

    def kept(self):
        """There, and kept for who has reserved it."""
        return self.filter(NOT_SHELVED, PROMISED, arrived_at__isnull=False)

    def left_over(self):
        """There, while nobody has it reserved any more."""
        return self.filter(NOT_SHELVED, reservation__state__in=CALLED_OFF, arrived_at__isnull=False)

    def with_parties(self):
        return self.select_related(
            "hub__organisation__municipality",
            "listing__organisation__municipality",
            "listing__category__parent",
            "listing__stock",
            "reservation__organisation__municipality",
            "reservation__listing__stock",
        )


class Arrival(models.Model):
    """Something that its giver brings to a hub: for who has reserved it, or for a shelf.

    What is brought for somebody never lies on a shelf: it goes from its giver to its receiver, and
    the hub only keeps it.
    """

    KEPT_DAYS = 14

    hub = models.ForeignKey(
        "marketplace.Hub", verbose_name=_("hub"), on_delete=models.CASCADE, related_name="arrivals"
    )
    listing = models.ForeignKey(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="arrivals"
    )
    reservation = models.OneToOneField(
        "marketplace.Reservation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="arrival",
    )
    mass_kg = models.DecimalField(_("about how heavy, in kg"), **QUANTITY)
    announced_at = models.DateTimeField(_("announced"), default=timezone.now)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    # What the receiver has been told: later rules do not move it.
    kept_until = models.DateField(_("kept until"), null=True, blank=True)
    movement = models.OneToOneField(
        "marketplace.Movement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="arrival",
    )
    closed_at = models.DateTimeField(_("did not come, or was taken back"), null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("expected at a hub")
        verbose_name_plural = _("expected at hubs")
        ordering = [F("kept_until").asc(nulls_last=True), "announced_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_until=None) | Q(arrived_at__isnull=False),
                name="arrival_kept_once_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(movement=None) | Q(closed_at=None),
                name="arrival_shelved_or_closed",
            ),
        ]

    def __str__(self):
        return f"{self.hub}: {self.listing}"

    @property
    def giver(self):
        return self.listing.organisation

    @property
    def is_overdue(self):
        """Whether its time at the hub is over."""
        return self.kept_until is not None and self.kept_until < timezone.localdate()
