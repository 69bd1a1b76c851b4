"""Material that nobody is to use any longer."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Recall(models.Model):
    """“Stop using this”: why, and how many organisations had received some and were told.

    Beside the listing and not on it: publishing an old version must not take it back. It is final.
    """

    listing = models.OneToOneField(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.PROTECT,
        related_name="recall",
    )
    reason = models.TextField(_("reason"), max_length=500)
    receivers = models.PositiveIntegerField(_("receivers told"), default=0)
    recalled_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("recalled by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    recalled_at = models.DateTimeField(_("recalled"), default=timezone.now)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-recalled_at"]

    def __str__(self):
        return str(self.listing)
