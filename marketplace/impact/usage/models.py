"""The days on which users were active."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserDay(models.Model):
    """A day on which a signed-in user was active, but not what they did.

    Deleted with the user. It stores where the user belonged on that day, so that moving does not
    change past figures.
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
