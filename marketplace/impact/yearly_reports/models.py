from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foundation.collation import by_name


class YearlyReport(models.Model):
    """A yearly report sent to a municipality's coordinators, so that it is only sent once."""

    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.CASCADE,
        related_name="yearly_reports",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ["-year", by_name("municipality__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"], name="yearly_report_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year}"
