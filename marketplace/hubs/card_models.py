"""The card that lets a unit take from shelves."""

from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.tokens import new_token

CARD_SALT = "hub card"


class HubCard(models.Model):
    """A unit's card: its holder takes from shelves for the unit, without an account.

    The code on it is signed, ends and can be taken back.
    """

    VALID_DAYS = 400

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="hub_cards",
    )
    name = models.CharField(
        _("name"), max_length=60, help_text=_("Who has it, such as “Staff room” or “Ekorren”.")
    )
    nonce = models.CharField(max_length=64, default=new_token, editable=False)
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("hub card")
        verbose_name_plural = _("hub cards")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.organisation}: {self.name}"

    def get_absolute_url(self):
        return reverse("marketplace:use_hub_card", args=[self.token])

    @property
    def token(self):
        """What the code on the card holds: which card it is, signed."""
        return signing.dumps([self.pk, self.nonce], salt=CARD_SALT)

    @property
    def is_valid(self):
        return (
            self.revoked_at is None
            and self.expires_at > timezone.now()
            and self.organisation.is_approved
        )
