"""Collecting wishes for some days before a large listing is shared out."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SharingQuerySet(models.QuerySet):
    def collecting(self, now=None):
        """Those whose wishes are still being collected."""
        return self.filter(sent_at=None, wishes_until__gt=now or timezone.now())

    def due(self, now=None):
        """Those whose time is over, and whose giver has not been told yet."""
        return self.filter(sent_at=None, told_at=None, wishes_until__lte=now or timezone.now())


class Sharing(models.Model):
    """A listing whose giver collects wishes first, and then answers everybody at once."""

    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="sharing"
    )
    wishes_until = models.DateTimeField(_("wishes until"))
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = SharingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing out")
        verbose_name_plural = _("sharings")

    def __str__(self):
        return str(self.listing)

    @property
    def is_collecting(self):
        return self.sent_at is None and self.wishes_until > timezone.now()
