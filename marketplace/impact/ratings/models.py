"""Ratings of handovers."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """One side's rating of a handover, with an optional comment."""

    class Score(models.IntegerChoices):
        VERY_BAD = 1, _("Very bad")
        BAD = 2, _("Bad")
        ALL_RIGHT = 3, _("All right")
        GOOD = 4, _("Good")
        VERY_GOOD = 5, _("Very good")

    reservation = models.ForeignKey(
        "marketplace.Reservation", on_delete=models.CASCADE, related_name="ratings"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality", on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("how did it go?"), choices=Score.choices)
    text = models.TextField(
        _("what could be better?"),
        max_length=1000,
        blank=True,
        help_text=_("Read by the coordinator and those who build the portal, not published."),
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "organisation"], name="rating_once_per_side"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1) & Q(score__lte=5), name="rating_score_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_score_display()}"
