"""The way into an organisation: what somebody asked for when registering, and invitations."""

from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ideas import new_token
from .organisations import Membership


def in_two_weeks():
    return timezone.now() + timedelta(days=Invitation.VALID_DAYS)


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link, sent by mail, that lets a colleague into an organisation without waiting."""

    VALID_DAYS = 14
    MAX_OPEN = 50

    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(
        _("role"),
        max_length=15,
        choices=Membership.Role.choices,
        default=Membership.Role.MEMBER,
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"), default=in_two_weeks)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.email} → {self.organisation}"

    def get_absolute_url(self):
        return reverse("marketplace:join_by_invitation", args=[self.token])

    @property
    def is_open(self):
        return self.accepted_at is None and self.expires_at > timezone.now()


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
    new = models.JSONField(default=dict, blank=True, help_text=_("The fields of a new one."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")

    def __str__(self):
        return f"{self.user} → {self.organisation or self.new.get('name', '')}"
