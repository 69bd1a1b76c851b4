from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that one person should know. It is shown in the inbox and sent as one mail.

    `key` names the event ("reservation:17:accepted"); the database lets each reach a person once,
    so that no step, however often it is retried, sends two mails.
    """

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=50)
    key = models.CharField(max_length=120)
    reservation = models.ForeignKey(
        "marketplace.Reservation", null=True, blank=True, on_delete=models.CASCADE
    )
    listing = models.ForeignKey(
        "marketplace.MaterialListing", null=True, blank=True, on_delete=models.CASCADE
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation", null=True, blank=True, on_delete=models.CASCADE
    )
    context = models.JSONField(
        default=dict, blank=True, help_text=_("Plain values that the mail and the inbox show.")
    )
    email = models.ForeignKey(
        "post_office.Email", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_once_per_event")
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread")
        ]

    def __str__(self):
        return f"{self.kind} → {self.user}"
