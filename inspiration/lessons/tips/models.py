from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index

from inspiration.lessons.curriculum import AgeGroup
from marketplace.organisations.models import OfOrganisationQuerySet
from marketplace.review.models import Reviewed
from portal.foundation.images.photos import HasPhotos, Photo


class LessonTipQuerySet(OfOrganisationQuerySet):
    def published(self):
        return self.filter(live=True)

    def about(self, lesson):
        """How others did a lesson idea, whichever language it is read in."""
        return self.filter(lesson__translation_key=lesson.translation_key)

    def own_ideas(self):
        return self.filter(lesson=None)

    def for_cards(self):
        return self.select_related("organisation__municipality", "lesson").prefetch_related(
            "photos__image__renditions", "categories"
        )


class LessonTip(HasPhotos, Reviewed):
    """How a unit did a lesson idea, or an idea of its own. Credited to the unit, never a person."""

    MAX_PHOTOS = 3

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="lesson_tips",
    )
    lesson = models.ForeignKey(
        "inspiration.LessonIdeaPage",
        verbose_name=_("lesson idea"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tips",
        help_text=_("The idea that was tried. Leave it empty for an idea of their own."),
    )
    created_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("what you did"), max_length=4000)
    age_groups = models.JSONField(_("age groups"), default=list, blank=True)
    categories = ParentalManyToManyField(
        "marketplace.MaterialCategory", verbose_name=_("material"), blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)

    objects = LessonTipQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson tip")
        verbose_name_plural = _("lesson tips")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def kind(self):
        """What it is, above its title."""
        return _("This is how we did it") if self.lesson_id else _("An idea of our own")

    @property
    def age_group_labels(self):
        known = dict(AgeGroup.choices)
        return [known[group] for group in self.age_groups if group in known]

    @property
    def illustration(self):
        """The drawing that stands in for a missing picture."""
        for category in self.categories.all():
            return category.illustration
        return "lektion"

    def get_absolute_url(self):
        return reverse("inspiration:tip", args=[self.pk])

    def get_preview_template(self, request, mode_name):
        return "inspiration/lessons/tips/tip.html"

    def get_preview_context(self, request, mode_name):
        return super().get_preview_context(request, mode_name) | {"tip": self}

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("age_groups", read_only=True),
        FieldPanel("categories"),
        FieldPanel("lesson", read_only=True),
        FieldPanel("organisation", read_only=True),
        InlinePanel("photos", label=_("Photo"), max_num=MAX_PHOTOS),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.FilterField("live"),
        index.FilterField("organisation_id"),
    ]


class TipPhoto(Photo):
    """A picture of what was done. The form makes the sender confirm that nobody's face is in it."""

    tip = ParentalKey(LessonTip, on_delete=models.CASCADE, related_name="photos")

    class Meta(Photo.Meta):
        verbose_name = _("photo")
