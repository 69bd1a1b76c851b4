from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.materials.units import QUANTITY


class WaitingPlaceQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def waiting(self):
        """In line, and not offered anything right now."""
        return self.open().filter(offered_at=None)

    def offered(self):
        return self.open().filter(offered_at__isnull=False)

    def with_parties(self):
        return self.select_related(
            "organisation__municipality", "listing__organisation__municipality", "listing__stock"
        )


class WaitingPlace(models.Model):
    """An organisation's place in the line for a listing of which everything is promised.

    What comes back is offered to the first in line for 48 hours. Meanwhile it counts as reserved in
    `Stock`, so that nobody else is promised it.
    """

    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.CASCADE,
        related_name="waiting_places",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="waiting_places",
    )
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    quantity = models.DecimalField(_("asked for"), **QUANTITY)
    purpose = models.CharField(_("what it is for"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("on the waiting list since"), default=timezone.now)
    offered_quantity = models.DecimalField(_("offered"), null=True, blank=True, **QUANTITY)
    offered_at = models.DateTimeField(_("offered on"), null=True, blank=True)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = WaitingPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a waiting list")
        verbose_name_plural = _("places on waiting lists")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="waiting_for_something",
                violation_error_message=_("The quantity must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(offered_at=None, offered_quantity=None, offered_until=None)
                | Q(offered_at__isnull=False, offered_quantity__gt=0, offered_until__isnull=False),
                name="waiting_offer_is_whole",
            ),
            models.UniqueConstraint(
                fields=["listing", "organisation"],
                condition=Q(closed_at=None),
                name="waiting_once_per_organisation",
                violation_error_message=_("You are already on the waiting list."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.listing}"

    @property
    def is_offered(self):
        return self.closed_at is None and self.offered_at is not None

    @property
    def number(self):
        """1 for the first in line."""
        ahead = WaitingPlace.objects.waiting().filter(
            Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, pk__lt=self.pk),
            listing=self.listing_id,
        )
        return ahead.count() + 1
