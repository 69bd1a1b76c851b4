from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class HubClosingQuerySet(models.QuerySet["HubClosing"]):
    def coming(self):
        return self.filter(last_day__gte=timezone.localdate())


class HubClosing(Orderable):
    """Days on which a hub is closed in spite of its opening hours."""

    hub = ParentalKey("marketplace.Hub", on_delete=models.CASCADE, related_name="closings")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    objects = HubClosingQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("reason"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="hub_closing_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first day."),
            )
        ]

    def __str__(self):
        return f"{self.first_day}–{self.last_day}"
