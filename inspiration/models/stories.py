from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from marketplace.models import Handover, MaterialCategory

from .content import TaggedPage


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

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types = []
    template = "inspiration/case_story_page.html"
    content_panels = [
        *TaggedPage.content_panels,
        FieldRowPanel([FieldPanel("company"), FieldPanel("school")]),
        FieldPanel("category"),
        FieldPanel("tags"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    @property
    def kilograms(self):
        """What the company has handed to the school of this category, in kg, from the ledger."""
        if not (self.company_id and self.school_id):
            return None
        handovers = Handover.objects.filter(giver=self.company_id, receiver=self.school_id)
        if self.category_id:
            below = MaterialCategory.objects.with_descendants(slugs=[self.category.slug])
            handovers = handovers.filter(category__in=below)
        return handovers.totals()["mass_kg"] or None

    @property
    def illustration(self):
        return self.category.illustration if self.category else "berattelse"

    def search_values(self):
        values = super().search_values()
        names = [str(each) for each in (self.category, self.company, self.school) if each]
        values["keywords"] = " ".join([values["keywords"], *names])
        if self.category:
            values["categories"] = [self.category.slug]
        return values
