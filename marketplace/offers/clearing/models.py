"""Clearing out: many things in one walk, with place, date and condition said once."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.listings.models import MaterialListing, ends_after_it_starts


class ClearingQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at=None)


class Clearing(models.Model):
    """A walk through a store: what is common to all that is found there."""

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="clearings",
    )
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    condition = models.CharField(
        _("condition"),
        max_length=10,
        choices=MaterialListing.Condition.choices,
        default=MaterialListing.Condition.USED,
    )
    pickup_address = models.CharField(_("pickup address"), max_length=160)
    pickup_town = models.CharField(_("town"), max_length=60)
    storage_place = models.CharField(_("storage place"), max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = ClearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearing out")
        verbose_name_plural = _("clearings")
        ordering = ["-created_at", "-pk"]
        constraints = [ends_after_it_starts("clearing_ends_after_it_starts")]

    def __str__(self):
        return f"{self.organisation}, {timezone.localdate(self.created_at)}"


class ClearingItem(models.Model):
    """A thing found on the walk: a draft of a listing, with what was guessed of it."""

    clearing = models.ForeignKey(Clearing, on_delete=models.CASCADE, related_name="items")
    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="clearing_item"
    )
    category_guessed = models.BooleanField(_("category guessed"), default=False)
    weight_guessed = models.BooleanField(_("weight guessed"), default=True)

    class Meta:
        verbose_name = _("thing cleared out")
        verbose_name_plural = _("things cleared out")
        ordering = ["-pk"]

    def __str__(self):
        return str(self.listing)
