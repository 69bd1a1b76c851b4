from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from marketplace.models import MaterialCategory, MaterialListing
from portal.models import BasePage

from ..blocks import StepBlock
from ..curriculum import AgeGroup, PreschoolGoal, Subject
from .content import TaggedPage


class LessonIdeaForm(WagtailAdminPageForm):
    """Boxes to tick for what is kept as lists of codes."""

    age_groups = forms.MultipleChoiceField(
        label=_("age groups"),
        choices=AgeGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    subjects = forms.MultipleChoiceField(
        label=_("subjects"),
        choices=Subject.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    preschool_goals = forms.MultipleChoiceField(
        label=_("goal areas of the preschool"),
        choices=PreschoolGoal.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class LessonIdeaPage(TaggedPage):
    """What to do with material: for whom, how long, how, and what it teaches."""

    age_groups = models.JSONField(_("age groups"), default=list, blank=True)
    subjects = models.JSONField(_("subjects"), default=list, blank=True)
    preschool_goals = models.JSONField(_("goal areas of the preschool"), default=list, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, help_text=_("About how long it takes.")
    )
    group_size = models.CharField(_("group size"), max_length=60, blank=True)
    steps = StreamField([("step", StepBlock())], blank=True, verbose_name=_("steps"))
    safety = models.TextField(_("safety"), blank=True)
    learning_goals = RichTextField(_("learning goals"), blank=True, features=["ul", "bold"])

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types = []
    template = "inspiration/lesson_idea_page.html"
    base_form_class = LessonIdeaForm
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("age_groups"),
                FieldPanel("subjects"),
                FieldPanel("preschool_goals"),
                FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("group_size")]),
            ],
            _("For whom"),
        ),
        InlinePanel("materials", label=_("Material"), heading=_("Material needed")),
        FieldPanel("steps"),
        FieldPanel("body"),
        FieldPanel("learning_goals"),
        FieldPanel("safety"),
        FieldPanel("tags"),
    ]

    class Meta:
        verbose_name = _("lesson idea")
        verbose_name_plural = _("lesson ideas")

    @staticmethod
    def labels(values, choices):
        known = dict(choices)
        return [known[value] for value in values if value in known]

    @property
    def age_group_labels(self):
        return self.labels(self.age_groups, AgeGroup.choices)

    @property
    def subject_labels(self):
        return self.labels(self.subjects, Subject.choices)

    @property
    def preschool_goal_labels(self):
        return self.labels(self.preschool_goals, PreschoolGoal.choices)

    @property
    def illustration(self):
        first = self.materials.first()
        return first.category.illustration if first else "lektion"

    def available_material(self, limit=4):
        """Listings to be had now that the idea can be done with, the newest first."""
        slugs = [material.category.slug for material in self.materials.all()]
        categories = MaterialCategory.objects.with_descendants(slugs=slugs)
        return (
            MaterialListing.objects.available()
            .filter(category__in=categories)
            .for_cards()
            .order_by("-first_published_at")[:limit]
        )

    def search_values(self):
        materials = self.materials.select_related("category__parent")
        names = [material.category.name for material in materials]
        slugs = {material.category.slug for material in materials}
        slugs |= {m.category.parent.slug for m in materials if m.category.parent}
        steps = " ".join(self.steps.stream_block.get_searchable_content(self.steps))
        values = super().search_values()
        return values | {
            "keywords": " ".join(
                map(
                    str,
                    [values["keywords"], *names, *self.subject_labels, *self.age_group_labels],
                )
            ),
            "body": f"{values['body']} {steps} {self.learning_goals}",
            "categories": sorted(slugs),
            "subjects": self.subjects,
            "age_groups": self.age_groups,
        }


class LessonMaterial(Orderable):
    """Material that a lesson idea needs."""

    page = ParentalKey(LessonIdeaPage, on_delete=models.CASCADE, related_name="materials")
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    amount = models.CharField(
        _("how much"),
        max_length=80,
        blank=True,
        help_text=_("Such as 10 tubes, or a handful each."),
    )

    panels = [FieldPanel("category"), FieldPanel("amount")]

    class Meta(Orderable.Meta):
        verbose_name = _("material")

    def __str__(self):
        return f"{self.category} {self.amount}".strip()
