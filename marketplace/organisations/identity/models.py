"""What an approved organisation wants to be called, until somebody has looked at it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdentityChange(models.Model):
    """A new name or web address that waits. Until it is approved the old ones are shown."""

    FIELDS = ("name", "website")

    organisation = models.OneToOneField(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="identity_change",
    )
    name = models.CharField(_("name"), max_length=120)
    website = models.URLField(_("web address"), blank=True)
    asked_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("change of name")
        verbose_name_plural = _("changes of names")
        ordering = ["asked_at"]

    def __str__(self):
        return f"{self.organisation} → {self.name}"
