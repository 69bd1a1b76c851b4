from django import forms
from django.db import models
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Site, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from marketplace.models import ListingTag, MaterialCategory, MaterialListing
from marketplace.permissions import acting_organisation
from portal.models import BasePage

from ..blocks import StepBlock
from ..curriculum import AgeGroup, PreschoolGoal, Subject
from .content import TaggedPage

MATERIAL_SHOWN = 8


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
        FieldPanel("drawing"),
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
    def fallback_illustration(self):
        for material in self.materials.all():
            if material.category:
                return material.category.illustration
        return "lektion"

    @classmethod
    def for_cards(cls):
        return (
            super()
            .for_cards()
            .prefetch_related("materials__tag", "materials__category__parent__parent")
        )

    def available_material(self, *, site=None, near=None, limit=MATERIAL_SHOWN):
        """Listings to be had now, in `site` if one is given, that the idea can be done with.

        The nearest to the position `near` first (then each has its `distance_km`), or the newest.
        """
        materials = self.materials.all()
        slugs = [material.category.slug for material in materials if material.category]
        tags = [material.tag_id for material in materials if material.tag_id]
        categories = MaterialCategory.objects.with_descendants(slugs=slugs)
        tagged = ListingTag.objects.filter(tag__in=tags)
        found = (
            MaterialListing.objects.available()
            .for_site(site)
            .filter(Q(category__in=categories) | Q(pk__in=tagged.values("content_object")))
            .for_cards()
        )
        return found.nearest_to(near)[:limit] if near else found.newest()[:limit]

    def get_context(self, request, *args, **kwargs):
        organisation = acting_organisation(request)
        near = organisation.position if organisation else None
        return super().get_context(request, *args, **kwargs) | {
            "listings": self.available_material(site=Site.find_for_request(request), near=near),
            "near": organisation,
        }

    def structured(self, request):
        steps = [
            {
                "@type": "HowToStep",
                "name": step.value["title"],
                "text": strip_tags(step.value["text"].source),
            }
            for step in self.steps
        ]
        supplies = [{"@type": "HowToSupply", "name": str(each)} for each in self.materials.all()]
        lesson = {
            "@type": ["LearningResource", "HowTo"],
            "learningResourceType": "lesson plan",
            "isAccessibleForFree": True,
            "educationalLevel": [str(label) for label in self.age_group_labels],
            "about": [str(label) for label in self.subject_labels],
            "teaches": strip_tags(self.learning_goals.replace("</li>", ", ")).strip(", "),
            "supply": supplies,
            "step": steps,
        }
        if self.duration_minutes:
            lesson |= {
                "timeRequired": f"PT{self.duration_minutes}M",
                "totalTime": f"PT{self.duration_minutes}M",
            }
        return super().structured(request) | lesson

    def search_values(self):
        materials = self.materials.select_related("category__parent", "tag")
        categories = [material.category for material in materials if material.category]
        names = [category.localized.name for category in categories]
        names += [material.tag.name for material in materials if material.tag]
        slugs = {category.slug for category in categories}
        slugs |= {category.parent.slug for category in categories if category.parent}
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


class LessonMaterial(TranslatableMixin, Orderable):
    """Material that a lesson idea needs: a kind of material, a word from the vocabulary, or both.

    Whichever language the page is in, the category is the row that listings refer to.
    """

    page = ParentalKey(LessonIdeaPage, on_delete=models.CASCADE, related_name="materials")
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    tag = models.ForeignKey(
        "taggit.Tag",
        verbose_name=_("or a tag"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("For what is no category of its own, such as tubes or magnets."),
    )
    amount = models.CharField(
        _("how much"),
        max_length=80,
        blank=True,
        help_text=_("Such as 10 tubes, or a handful each."),
    )

    panels = [FieldRowPanel([FieldPanel("category"), FieldPanel("tag")]), FieldPanel("amount")]
    override_translatable_fields = [
        SynchronizedField("category"),
        SynchronizedField("tag"),
        TranslatableField("amount"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("material")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(tag__isnull=False),
                name="lesson_material_is_something",
                violation_error_message=_("Choose a category or a tag."),
            )
        ]

    def __str__(self):
        return f"{self.name} {self.amount}".strip()

    @property
    def name(self):
        """What it is called in the reader's language: the tag if there is one, being narrower."""
        return self.tag.name if self.tag else self.category.localized.name
