"""Leftovers that keep coming: the portal asks "same as usual?", and one tap fills the listing."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.listings.models import MaterialListing
from marketplace.materials.units import QUANTITY


class RegularOfferQuerySet(models.QuerySet):
    def running(self):
        return self.filter(paused_at=None)

    def due(self, day=None):
        """Those whose giver is to be asked: the day has come, and the listing may be seen."""
        return self.running().filter(
            next_on__lte=day or timezone.localdate(),
            listing__live=True,
            listing__organisation__approval="approved",
        )

    def of_organisation(self, organisation):
        return self.filter(listing__organisation=organisation)

    def with_listings(self):
        return self.select_related(
            "listing__organisation__municipality", "listing__stock", "listing__category"
        )


class RegularOffer(models.Model):
    """When the giver of a listing that comes back is asked the next time.

    The same listing is filled up each time, so that its photos, its line of waiting schools and its
    address stay. Off the revisioned row: an old revision must not ask again.
    """

    # So many questions without an answer in a row, and the portal stops asking.
    PATIENCE = 3

    listing = models.OneToOneField(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.CASCADE,
        related_name="regular_offer",
    )
    quantity = models.DecimalField(
        _("usual quantity"),
        null=True,
        blank=True,
        help_text=_("In the listing's unit: how much was added last time."),
        **QUANTITY,
    )
    next_on = models.DateField(_("asks next on"))
    asked_on = models.DateField(
        _("asked on"),
        null=True,
        blank=True,
        help_text=_("The day of the question that waits for an answer."),
    )
    unanswered = models.PositiveSmallIntegerField(_("questions without an answer"), default=0)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)

    objects = RegularOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("regular offer")
        verbose_name_plural = _("regular offers")
        ordering = ["next_on", "pk"]

    def __str__(self):
        return str(self.listing)

    @staticmethod
    def day_after(day, recurrence):
        """The day to ask next after `day`: a week later, or the same day of the next month."""
        if recurrence == MaterialListing.Recurrence.WEEKLY:
            return day + timedelta(weeks=1)
        month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return month.replace(day=min(day.day, last.day))
