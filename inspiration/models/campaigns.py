from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from marketplace.models import Handover, MaterialCategory

from .content import TaggedPage


class CampaignPage(TaggedPage):
    """A drive with a goal and a period. Its progress is counted from the ledger."""

    class Measure(models.TextChoices):
        KILOGRAMS = "kg", _("kilograms")
        HANDOVERS = "handovers", _("handovers")

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    measure = models.CharField(
        _("counted in"), max_length=10, choices=Measure.choices, default=Measure.KILOGRAMS
    )
    goal = models.PositiveIntegerField(_("goal"))
    municipalities = models.ManyToManyField(
        "marketplace.Municipality",
        verbose_name=_("municipalities"),
        blank=True,
        related_name="+",
        help_text=_("Where the receivers are. Left empty, all."),
    )
    categories = models.ManyToManyField(
        "marketplace.MaterialCategory",
        verbose_name=_("categories"),
        blank=True,
        related_name="+",
        help_text=_("Left empty, all. What lies below a category counts too."),
    )
    result = RichTextField(
        _("result"),
        blank=True,
        help_text=_("Shown when the campaign is over, instead of the call."),
    )

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types = []
    template = "inspiration/campaign_page.html"
    content_panels = [
        *TaggedPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                FieldRowPanel([FieldPanel("goal"), FieldPanel("measure")]),
                FieldPanel("municipalities", widget=forms.CheckboxSelectMultiple),
                FieldPanel("categories"),
            ],
            _("Goal"),
        ),
        FieldPanel("result"),
        FieldPanel("tags"),
    ]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first day."),
            )
        ]

    def clean(self):
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day cannot be before the first day.")})

    @property
    def state(self):
        """ "before", "running" or "over", today."""
        today = timezone.localdate()
        if today < self.starts_on:
            return "before"
        return "over" if today > self.ends_on else "running"

    def handovers(self):
        """The rows of the ledger that count for the campaign."""
        rows = Handover.objects.in_period(self.starts_on, self.ends_on)
        municipalities = list(self.municipalities.all())
        if municipalities:
            rows = rows.received_in(municipalities)
        slugs = [category.slug for category in self.categories.all()]
        if slugs:
            rows = rows.filter(category__in=MaterialCategory.objects.with_descendants(slugs=slugs))
        return rows

    def progress(self):
        """{"kg": Decimal, "handovers": int, "value": what counts, "percent": int}."""
        sums = self.handovers().aggregate(
            kg=Sum("mass_kg"),
            handovers=Count("pk", filter=Q(reverses=None, reversed_by=None)),
        )
        kilograms = sums["kg"] or Decimal(0)
        value = kilograms if self.measure == self.Measure.KILOGRAMS else sums["handovers"]
        return {
            "kg": kilograms,
            "handovers": sums["handovers"],
            "value": value,
            "percent": int(value * 100 / self.goal) if self.goal else 0,
        }

    @property
    def fallback_illustration(self):
        return "kampanj"
