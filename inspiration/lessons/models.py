from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.html import strip_tags
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from inspiration.lessons.amounts import Amount, Group, Necessity, Per, suggested
from inspiration.lessons.curriculum import (
    SCHOOL_AGE,
    YOUNGEST,
    AgeGroup,
    PreschoolGoal,
    Subject,
)
from inspiration.lessons.kits.forms import KitForm
from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.blocks.writing import StepBlock
from inspiration.pages.models import TaggedPage
from marketplace.listings.models import ListingTag, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import QUANTITY, Unit, format_quantity
from marketplace.organisations.models import Organisation
from portal.foundation.form_fields import TickBoxes
from portal.foundation.managers import ReadWith
from portal.foundation.pages.models import BasePage

MATERIAL_SHOWN = 8
# An idea that says no age may be for anybody: what suits nobody as far as known is left out.
OLDEST = 18


class LessonIdeaForm(WagtailAdminPageForm):
    """Boxes to tick for what is kept as lists of codes."""

    age_groups = TickBoxes(label=_("age groups"), choices=AgeGroup.choices)
    subjects = TickBoxes(label=_("subjects"), choices=Subject.choices)
    preschool_goals = TickBoxes(
        label=_("goal areas of the preschool"), choices=PreschoolGoal.choices
    )


class MaterialsPanel(InlinePanel):
    """Rows of material, in forms that suggest how much."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = LessonMaterialForm
        return options


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

    # Whether there is enough for a group, in words, where a list was asked (see `kits.cards`).
    supply = ""

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/lessons/lesson_idea_page.html"
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
        MaterialsPanel("materials", label=_("Material"), heading=_("Material needed")),
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
    def ages(self):
        """The youngest in years of each group that the idea is for, in order."""
        return sorted({YOUNGEST[group] for group in self.age_groups if group in YOUNGEST})

    def youngest(self, organisation=None):
        """The age in years that material for the idea must suit, or None when it says no age.

        A school has none of the children of a preschool.
        """
        ages = self.ages
        if organisation and organisation.type == Organisation.Type.SCHOOL:
            ages = [age for age in ages if age >= SCHOOL_AGE] or ages
        return ages[0] if ages else None

    @property
    def fallback_illustration(self):
        for material in self.materials.all():
            if material.category:
                return material.category.illustration
        return "lektion"

    @classmethod
    def for_cards(cls):
        return super().for_cards().prefetch_related(cls._materials())

    @classmethod
    def for_page(cls):
        return super().for_page().prefetch_related(cls._materials())

    @staticmethod
    def _materials():
        rows = LessonMaterial.objects.select_related("tag", "category__parent__parent")
        return Prefetch("materials", rows)

    def available_material(self, *, site=None, organisation=None, limit=MATERIAL_SHOWN):
        """Listings to be had now, in `site` if one is given, that the idea can be done with.

        Without their photos.

        Only what suits the youngest whom the idea is for (in `organisation`, if one is given). The
        nearest to `organisation` first (then each has its `distance_km`), or the newest.
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
            .fitting(self.youngest(organisation) or OLDEST)
            .in_words()
        )
        if organisation:
            return found.nearest_to(organisation.position)[:limit]
        return found.newest()[:limit]

    def get_context(self, request, *args, **kwargs):
        group = Group.asked_about(request.GET)
        materials = [
            {"material": material, "amount": material.how_much(group)}
            for material in self.materials.all()
        ]
        counts = any(each["material"].quantity for each in materials)
        return super().get_context(request, *args, **kwargs) | {
            "group": group,
            "needed": materials,
            "kit_form": KitForm(auto_id="kit_%s", initial=request.GET.dict()) if counts else None,
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
        told = LessonTip.objects.published().about(self).values_list("title", "text")
        tips = " ".join(f"{title} {text}" for title, text in told) if self.main == self else ""
        return values | {
            "keywords": " ".join(
                map(
                    str,
                    [values["keywords"], *names, *self.subject_labels, *self.age_group_labels],
                )
            ),
            "body": f"{values['body']} {steps} {self.learning_goals} {tips}",
            "categories": sorted(slugs),
            "subjects": self.subjects,
            "age_groups": self.age_groups,
            "fits_from_age": self.youngest(),
        }


class LessonMaterialForm(WagtailAdminModelForm):
    """Suggests how much from what was written before amounts had numbers; the editor saves it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound or self.instance.quantity is not None:
            return
        if amount := suggested(self.instance.amount):
            self.initial |= {
                "quantity": amount.quantity,
                "unit": amount.unit,
                "per": amount.per,
            }


class LessonMaterial(TranslatableMixin, Orderable):
    """Material that a lesson idea needs: a kind of material, a word from the vocabulary, or both.

    Whichever language the page is in, the category is the row that listings refer to. What else
    will do is a row of its own, with its own amount, marked as `instead` of the row above it.
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
        _("how much, in words"),
        max_length=80,
        blank=True,
        help_text=_("For example, 10 tubes, or a handful each."),
    )

    quantity = models.DecimalField(
        _("quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text=_("A suggestion is filled in from the words below. Check it, and save."),
        **QUANTITY,
    )
    unit = models.CharField(
        _("unit"), max_length=10, choices=Unit.choices, default=Unit.PIECE, db_default=Unit.PIECE
    )
    per = models.CharField(
        _("for whom"), max_length=10, choices=Per.choices, default=Per.ALL, db_default=Per.ALL
    )
    necessity = models.CharField(
        _("necessity"),
        max_length=10,
        choices=Necessity.choices,
        default=Necessity.MUST,
        db_default=Necessity.MUST,
    )
    instead = models.BooleanField(_("can replace the row above"), default=False, db_default=False)

    panels = [
        FieldRowPanel([FieldPanel("category"), FieldPanel("tag")]),
        FieldRowPanel([FieldPanel("quantity"), FieldPanel("unit"), FieldPanel("per")]),
        FieldPanel("amount"),
        FieldRowPanel([FieldPanel("necessity"), FieldPanel("instead")]),
    ]
    override_translatable_fields = [
        SynchronizedField("category"),
        SynchronizedField("tag"),
        SynchronizedField("quantity"),
        SynchronizedField("unit"),
        SynchronizedField("per"),
        SynchronizedField("necessity"),
        SynchronizedField("instead"),
        TranslatableField("amount"),
    ]

    objects: ReadWith = ReadWith("category", "tag")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("material")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False) | Q(tag__isnull=False),
                name="lesson_material_is_something",
                violation_error_message=_("Choose a category or a tag."),
            )
        ]

    def __str__(self):
        return f"{self.name} {self.how_much()}".strip()

    @property
    def structured_amount(self):
        """Its `Amount`, or None where only words say how much."""
        return Amount(self.quantity, self.unit, self.per) if self.quantity else None

    def how_much(self, group=None):
        """How much in words: for the `Group` that is asked about, or as the idea says it."""
        amount = self.structured_amount
        if amount is None:
            return self.amount
        if group is None:
            return self.amount or str(amount)
        needed = amount.needed(children=group.children, groups=group.groups)
        return format_quantity(needed, self.unit)

    def line(self, group=None):
        """All of it on a line: "or cardboard: 4 sheets (nice to have)"."""
        words = f"{self.name}: {self.how_much(group)}" if self.how_much(group) else self.name
        if self.instead:
            words = f"{pgettext('material that will do instead', 'or')} {words}"
        return f"{words} {gettext('(nice to have)')}" if self.is_nice else words

    @property
    def is_nice(self):
        return self.necessity == Necessity.NICE

    @property
    def name(self):
        """What it is called in the reader's language: the tag if there is one, being narrower."""
        if self.tag:
            return self.tag.name
        return self.category.localized.name if self.category else ""
