"""Every page type of the site (see docs/decisions/0004)."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from marketplace.models import Handover, MaterialCategory, MaterialListing
from portal.models import BasePage

from .blocks import ContentBlock, HomeBlock, StepBlock
from .curriculum import AgeGroup, PreschoolGoal, Subject


class HomePage(BasePage):
    """The start page: says in five seconds what this is, then what editors want to show."""

    heading = models.CharField(_("heading"), max_length=80)
    introduction = models.CharField(_("introduction"), max_length=250)
    sections = StreamField(HomeBlock(), blank=True, verbose_name=_("sections"))

    max_count_per_parent = 1
    template = "inspiration/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("introduction"),
        FieldPanel("cover"),
        FieldPanel("sections"),
        FieldPanel("summary"),
    ]

    class Meta:
        verbose_name = _("start page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["available_count"] = MaterialListing.objects.available().count()
        context["roots"] = MaterialCategory.objects.source().roots()
        return context


class ContentPage(BasePage):
    """A page with a body of blocks."""

    body = StreamField(ContentBlock(), blank=True, verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    def body_text(self):
        """The words of the body, for search."""
        return " ".join(self.body.stream_block.get_searchable_content(self.body))

    def search_values(self):
        """What search keeps of the page beside title and summary (see `search.index`)."""
        return {"body": self.body_text(), "illustration": self.illustration}

    @property
    def illustration(self):
        """The drawing that stands in for a missing picture."""
        return "artikel"


class StandardPage(ContentPage):
    """About, accessibility statement, privacy, terms, credits."""

    show_in_footer = models.BooleanField(_("show at the foot of every page"), default=True)

    template = "inspiration/content_page.html"
    content_panels = [*ContentPage.content_panels]
    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("standard page")


class PageTag(ItemBase):
    """A word from the vocabulary that pages share with listings."""

    tag = models.ForeignKey("taggit.Tag", related_name="page_tags", on_delete=models.CASCADE)
    content_object = ParentalKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="tagged_pages"
    )


class TaggedPage(ContentPage):
    """A page with words that material and content find each other by."""

    tags = ClusterTaggableManager(through=PageTag, blank=True, verbose_name=_("tags"))

    class Meta:
        abstract = True

    def search_values(self):
        return super().search_values() | {"keywords": " ".join(self.tags.names())}


class InspirationIndexPage(BasePage):
    """A list of the pages below it, the newest first."""

    PER_PAGE = 12

    template = "inspiration/index_page.html"
    subpage_types = [
        "inspiration.ArticlePage",
        "inspiration.CaseStoryPage",
        "inspiration.LessonIdeaPage",
        "inspiration.CampaignPage",
    ]

    class Meta:
        verbose_name = _("index page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        children = self.get_children().live().public().order_by("-first_published_at")
        paginator = Paginator(children.values_list("pk", flat=True), self.PER_PAGE)
        numbers = paginator.get_page(request.GET.get("sida"))
        pages = {page.pk: page for page in Page.objects.filter(pk__in=list(numbers)).specific()}
        context["pages"] = [pages[pk] for pk in numbers]
        context["numbers"] = numbers
        return context


class ArticlePage(TaggedPage):
    """Something to read about reuse."""

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types = []
    template = "inspiration/content_page.html"
    content_panels = [*TaggedPage.content_panels, FieldPanel("tags")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


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
    def illustration(self):
        return "kampanj"


class FormField(AbstractFormField):
    page = ParentalKey("inspiration.FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPage(AbstractEmailForm, BasePage):
    """A survey, a test round or a contact form; answers are exported in the admin."""

    introduction = RichTextField(_("introduction"), blank=True)
    thanks = RichTextField(_("thanks"), blank=True, help_text=_("Shown when it has been sent."))

    template = "inspiration/form_page.html"
    landing_page_template = "inspiration/form_page_landing.html"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        InlinePanel("form_fields", label=_("Field"), heading=_("Fields")),
        FieldPanel("thanks"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]),
                FieldPanel("subject"),
            ],
            _("Mail with each answer"),
        ),
    ]

    class Meta:
        verbose_name = _("form page")
