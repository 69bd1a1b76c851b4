"""Draft offers, kept until they become listings."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OfferDraft(models.Model):
    """An offer form as it was left by somebody who has yet to sign in, or was interrupted."""

    KEEP_DAYS = 30
    # Of one person or browser: somebody who photographs what is in a whole storeroom.
    MOST = 100

    user = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.CASCADE, related_name="offer_drafts"
    )
    data = models.JSONField(help_text=_("Field names, each with its list of values."))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unfinished offer")
        verbose_name_plural = _("unfinished offers")
        ordering = ["-updated_at", "-pk"]

    def __str__(self):
        return self.data.get("title", [""])[0]

    def get_absolute_url(self):
        return f"{reverse('marketplace:offer')}?utkast={self.pk}"

    @property
    def photos(self):
        """How many photos it has."""
        return len(self.data.get("photo", []))
