from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def unmailed(self):
        return self.filter(mailed_at=None)

    def mark_read(self):
        return self.unread().update(read_at=timezone.now())

    def with_pictures(self):
        """With what a small picture of the material needs. Comes after `with_subjects`."""
        return self.select_related(
            "listing__category", "reservation__listing__category"
        ).prefetch_related(
            "listing__photos__image__renditions",
            "reservation__listing__photos__image__renditions",
        )

    def with_subjects(self):
        """Everything that the words of a notification are about."""
        return self.select_related(
            "user",
            "listing__organisation",
            "organisation__municipality",
            "reservation__organisation",
            "reservation__listing__organisation",
            "reservation__listing__stock",
        )


class Notification(models.Model):
    """One thing that one person should know. It is shown in the inbox and sent as one mail.

    `key` names the event ("reservation:17:accepted"); the database lets each reach a person once,
    so that no step, however often it is retried, sends two mails.
    """

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="notifications")
    type = models.CharField(max_length=50, db_column="kind")
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
        default=dict,
        blank=True,
        help_text=_("Plain values shown in the mail and among the notifications."),
    )
    email = models.ForeignKey(
        "post_office.Email", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mailed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("When its mail was written, or it was found that no mail was wanted."),
    )
    pushed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was shown on the person's devices.")
    )
    texted_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was sent as a text message.")
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
        return f"{self.type} → {self.user}"

    @property
    def material(self):
        """The listing that it is about, or None."""
        return self.reservation.listing if self.reservation else self.listing


class MailPreference(models.Model):
    """How often a person wants mail about what happens. Without a row: at once."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never, I look at the portal")

    SUMMARISED = [Frequency.DAILY, Frequency.WEEKLY]

    user = models.OneToOneField(
        "portal.User", on_delete=models.CASCADE, related_name="mail_preference"
    )
    frequency = models.CharField(
        _("mail to me"), max_length=10, choices=Frequency.choices, default=Frequency.AT_ONCE
    )
    digest_sent_at = models.DateTimeField(_("last summary"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self):
        return f"{self.user}: {self.get_frequency_display()}"

    @classmethod
    def frequency_for(cls, user):
        chosen = cls.objects.filter(user=user).values_list("frequency", flat=True).first()
        return chosen or cls.Frequency.AT_ONCE
