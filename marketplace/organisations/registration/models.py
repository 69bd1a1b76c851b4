"""The way into an organisation: what somebody asked for when registering, and invitations."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.membership.models import Invitation


class Registration(models.Model):
    """The organisation that somebody named when registering.

    It is joined or created once the person has shown that the e-mail address is theirs.
    """

    user = models.OneToOneField(
        "portal.User", on_delete=models.CASCADE, related_name="registration"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The one to join; empty when a new one is to be created."),
    )
    invitation = models.ForeignKey(
        Invitation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The one whose link was followed to register."),
    )
    new = models.JSONField(default=dict, blank=True, help_text=_("The fields for a new one."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")

    def __str__(self):
        return f"{self.user} → {self.organisation or self.new.get('name', '')}"
