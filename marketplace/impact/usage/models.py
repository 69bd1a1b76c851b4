"""On which days somebody used the portal; nothing else is kept."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserDay(models.Model):
    """That a person used the portal, signed in, on a day. Nothing about what they did.

    Deleted with the user. Keeps where the person belonged on that day, so that a move does not
    change what has been counted.
    """

    class Side(models.TextChoices):
        COMPANY = "company", _("Company")
        SERVICE = "service", _("School or municipal service")
        OTHER = "other", _("Editor or other")

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"), default=timezone.localdate)
    municipality = models.ForeignKey(
        "marketplace.Municipality", null=True, blank=True, on_delete=models.PROTECT
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)

    class Meta:
        verbose_name = _("day of use")
        verbose_name_plural = _("days of use")
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="user_day_once"),
        ]
        indexes = [models.Index(fields=["day"], name="user_day_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
