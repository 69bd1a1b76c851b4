from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    # For the name of a type only: a reservation refers to its joint request, not the reverse.
    from marketplace.exchange.reservations.models import Reservation


class JointRequest(models.Model):
    """Several reservations of one receiver at one giver: one request, one pickup.

    Each of them has its own amount, answer and row of the ledger; they share the pickup. Who gives
    and who receives is theirs.
    """

    created_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("joint request")
        verbose_name_plural = _("joint requests")

    def __str__(self):
        return ", ".join(str(each.listing) for each in self.rows)

    def get_absolute_url(self) -> str:
        return reverse("marketplace:joint_request", args=[self.pk])

    @property
    def rows(self) -> "list[Reservation]":
        """Its reservations as they stand now, in the order in which they were asked for."""
        return list(self.reservations.with_parties().with_pictures().order_by("pk"))
