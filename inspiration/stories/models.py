from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail_localize.fields import SynchronizedField

from inspiration.pages.models import TaggedPage
from marketplace.exchange.handovers.models import Handover
from marketplace.materials.models import MaterialCategory


class CaseStoryPage(TaggedPage):
    """How a company's left-overs became something at a school."""

    company = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    school = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("school or preschool"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    idea = models.ForeignKey(
        "marketplace.Idea",
        verbose_name=_("pupils' idea"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The idea that the story started with."),
    )

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/stories/case_story_page.html"
    content_panels = [
        *TaggedPage.content_panels,
        FieldRowPanel([FieldPanel("company"), FieldPanel("school")]),
        FieldPanel("category"),
        InlinePanel(
            "linked_handovers",
            label=_("Handover"),
            heading=_("Handovers"),
            help_text=_(
                "The kilograms of the story. Without any, what the company has given the school of "
                "this category is counted."
            ),
        ),
        FieldPanel("idea"),
        FieldPanel("tags"),
    ]
    # The row that listings refer to, whichever language the page is in.
    override_translatable_fields = [SynchronizedField("category")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    @property
    def kilograms(self):
        """The mass that the story is about, from the ledger, or None.

        That of the handovers linked, with what has corrected them since. Without any, all that the
        company has handed to the school of this category.
        """
        handovers = self.handovers()
        return (handovers.totals()["mass_kg"] or None) if handovers is not None else None

    def handovers(self):
        """The rows of the ledger that the story is about, or None when it does not say."""
        linked = [link.handover for link in self.linked_handovers.all()]
        if linked:
            own = {handover.pk for handover in linked}
            reservations = {handover.reservation_id for handover in linked} - {None}
            return Handover.objects.filter(
                Q(pk__in=own) | Q(reverses__in=own) | Q(reservation__in=reservations)
            )
        if not (self.company_id and self.school_id):
            return None
        handovers = Handover.objects.filter(giver=self.company_id, receiver=self.school_id)
        if self.category:
            below = MaterialCategory.objects.with_descendants(slugs=[self.category.slug])
            handovers = handovers.filter(category__in=below)
        return handovers

    @classmethod
    def for_cards(cls):
        return super().for_cards().select_related("category__parent")

    @classmethod
    def for_page(cls):
        links = StoryHandover.objects.select_related("handover")
        return (
            super()
            .for_page()
            .select_related("category__parent", "company", "school")
            .prefetch_related(Prefetch("linked_handovers", links))
        )

    @property
    def fallback_illustration(self):
        return self.category.illustration if self.category else "berattelse"

    def search_values(self):
        values = super().search_values()
        category = self.category.localized if self.category else None
        names = [str(each) for each in (category, self.company, self.school) if each]
        values["keywords"] = " ".join([values["keywords"], *names])
        if self.category:
            values["categories"] = [self.category.slug]
        return values


class StoryHandover(Orderable):
    """A handover that a story tells of."""

    page = ParentalKey(CaseStoryPage, on_delete=models.CASCADE, related_name="linked_handovers")
    handover = models.ForeignKey(
        "marketplace.Handover",
        verbose_name=_("handover"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    panels = [FieldPanel("handover")]

    class Meta(Orderable.Meta):
        verbose_name = _("handover")

    def __str__(self):
        return str(self.handover)
