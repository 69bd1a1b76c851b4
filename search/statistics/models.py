"""What is asked, counted by day. There is no row per person, visit or search."""

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _


class SearchCountQuerySet(models.QuerySet):
    def asked_often(self, occasions: int) -> "SearchCountQuerySet":
        """Only words asked for so often, in all, that they tell nothing about anybody."""
        often = (
            self.model._default_manager.exclude(text="")
            .values("text")
            .annotate(times=Sum("searches"))
            .filter(times__gte=occasions)
        )
        return self.filter(text__in=often.values("text"))


class SearchCount(models.Model):
    """How often some words were asked for on a day, from a municipality, and with what outcome.

    `text` is normalised, and empty for what might say something about a person (see
    `search.counting`). `municipality` is the slug of where the searcher's organisation is, or of
    the one municipality that was filtered by, or empty.
    """

    day = models.DateField(_("day"))
    text = models.CharField(_("words"), max_length=60, blank=True)
    municipality = models.CharField(_("municipality"), max_length=60, blank=True)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    without_result = models.PositiveIntegerField(_("without result"), default=0)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)
    click_positions = models.PositiveIntegerField(
        default=0, help_text=_("The positions of all clicked results, added up.")
    )

    objects = SearchCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("search count")
        verbose_name_plural = _("search counts")
        ordering = ["-day", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "text", "municipality"], name="search_count_one_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text}: {self.searches}"
