from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.fields import RichTextField

from inspiration.campaigns.panels import SpreadPanel
from inspiration.pages.models import TaggedPage
from marketplace.impact import figures
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from portal.foundation.pages.choosers import KnownImageChooser


def in_main_language():
    """The rows that material is sorted by; those in other languages only name them."""
    return {"locale__language_code": settings.LANGUAGE_CODE}


@dataclass(frozen=True)
class CampaignProgress:
    """What a campaign has achieved, from the ledger, corrections included."""

    kg: Decimal
    handovers: int
    co2e_kg: Decimal
    givers: int
    receivers: int
    value: Decimal
    goal: int

    @property
    def percent(self):
        """The part of the goal, in whole percent, rounded down: 100 only when it is reached."""
        return max(int(self.value * 100 / self.goal), 0)

    @property
    def reached(self):
        return self.value >= self.goal


class CampaignForm(WagtailAdminPageForm):
    """Reads what there is to choose once: the page is written from the form twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("municipalities", "categories"):
            if name in self.fields:
                # `list` alone would have them counted first.
                self.fields[name].choices = list(iter(self.fields[name].choices))


class CampaignPage(RoutablePageMixin, TaggedPage):
    """A drive with a goal and a period. Its progress is counted from the ledger.

    The translations of a campaign are one campaign: its links and the organisations that take part
    belong to the page in the site's main language (`main`).
    """

    class Measure(models.TextChoices):
        KILOGRAMS = "kg", _("kilograms")
        HANDOVERS = "handovers", _("handovers")

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    measure = models.CharField(
        _("counted in"), max_length=10, choices=Measure.choices, default=Measure.KILOGRAMS
    )
    goal = models.PositiveIntegerField(_("goal"), validators=[MinValueValidator(1)])
    municipalities = ParentalManyToManyField(
        "marketplace.Municipality",
        verbose_name=_("municipalities"),
        blank=True,
        related_name="+",
        help_text=_("Where the receivers are. All, if left empty."),
    )
    categories = ParentalManyToManyField(
        "marketplace.MaterialCategory",
        verbose_name=_("categories"),
        blank=True,
        related_name="+",
        limit_choices_to=in_main_language,
        help_text=_("If left empty, all. Subcategories count too."),
    )
    call = models.CharField(
        _("call"),
        max_length=90,
        blank=True,
        help_text=_(
            "A few words on the poster and the shared picture, such as “Give us your "
            "cardboard!”. If left empty, the summary is used."
        ),
    )
    social_picture = models.ForeignKey(
        "portal.CustomImage",
        verbose_name=_("picture when shared"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("If left empty, a picture is made from the title and the goal."),
    )
    result = RichTextField(
        _("result"),
        blank=True,
        help_text=_("Shown when the campaign is over, instead of the call."),
    )

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/campaigns/campaign_page.html"
    base_form_class = CampaignForm
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
        MultiFieldPanel(
            [FieldPanel("call"), FieldPanel("social_picture", widget=KnownImageChooser)],
            _("Poster and shared picture"),
        ),
        FieldPanel("result"),
        SpreadPanel(heading=_("Spread it")),
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

    @property
    def days_until_start(self):
        return (self.starts_on - timezone.localdate()).days

    @property
    def days_left(self):
        """How many days remain, today included."""
        return (self.ends_on - timezone.localdate()).days + 1

    @property
    def period(self):
        return figures.Period(self.starts_on, self.ends_on)

    @classmethod
    def for_page(cls):
        return super().for_page().prefetch_related("municipalities", "categories")

    @cached_property
    def counted_categories(self):
        """The categories that count, with all below them; None when all count."""
        slugs = [category.slug for category in self.categories.all()]
        return MaterialCategory.objects.with_descendants(slugs=slugs) if slugs else None

    def handovers(self):
        """The rows of the ledger that count for the campaign, for `marketplace.figures`."""
        return figures.handovers(
            period=self.period,
            municipalities=list(self.municipalities.all()) or None,
            categories=self.counted_categories,
        )

    def progress(self, *, who=True):
        """What has come of it; without counting `who` took part, where only the goal is shown."""
        sums = (figures.totals if who else figures.amounts)(self.handovers())
        value = sums["mass_kg"] if self.measure == self.Measure.KILOGRAMS else sums["handovers"]
        return CampaignProgress(
            kg=sums["mass_kg"],
            handovers=sums["handovers"],
            co2e_kg=sums["co2e_kg"],
            givers=sums.get("givers", 0),
            receivers=sums.get("receivers", 0),
            value=Decimal(value),
            goal=self.goal,
        )

    def listings(self):
        """The listings first published in the period that the campaign is about."""
        start, end = self.period.moments
        listings = MaterialListing.objects.filter(
            first_published_at__gte=start, first_published_at__lt=end
        )
        if self.counted_categories is not None:
            listings = listings.filter(category__in=self.counted_categories)
        return listings

    @property
    def fallback_illustration(self):
        return "kampanj"
