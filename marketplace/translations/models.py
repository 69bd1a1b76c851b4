"""What an organisation has written, in another language: by a translator, and reviewed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from marketplace.review.models import Reviewed
from marketplace.translations.source import DETAILS, IN_LANGUAGE, Source

# What can be translated: the field that points at it, one of which is filled in.
FIELDS = ("listing", "wanted_ad", "idea", "category")
WORDS = ("title", "text", *DETAILS, "source_digest")


def exactly_one(names):
    """The condition that one of the relations `names` is there, and the others are not."""
    found = Q()
    for name in names:
        others = {f"{other}__isnull": True for other in names if other != name}
        found |= Q(**{f"{name}__isnull": False}, **others)
    return found


def of(model):
    return models.ForeignKey(
        model,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="translated_texts",
    )


class TranslatedTextQuerySet(models.QuerySet):
    def published_in(self, language):
        return self.filter(live=True, language_code=language)

    def with_things(self):
        """With what each is a translation of, and whose that is."""
        return self.select_related(
            "listing__organisation__municipality",
            "wanted_ad__organisation__municipality",
            "idea__handover__receiver__municipality",
            "category",
        )


class TranslatedText(Reviewed):
    """The words of a listing, a wanted ad, a pupils' idea or a category in another language.

    All else hangs on the one row of what is translated, so the translation is a row of its own
    with nothing but words. The `DETAILS` are those of a listing. `source_digest` tells which words
    it was made from: once those have changed, readers get the original again, see
    `InOtherLanguages.shown`.
    """

    listing = of("marketplace.MaterialListing")
    wanted_ad = of("marketplace.WantedAd")
    idea = of("marketplace.Idea")
    category = of("marketplace.MaterialCategory")
    language_code = models.CharField(_("language"), max_length=10, editable=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    safety_note = models.CharField(
        _("safety remark"), max_length=300, blank=True, default="", db_default=""
    )
    dimensions = models.CharField(
        _("dimensions"), max_length=120, blank=True, default="", db_default=""
    )
    colours = models.CharField(_("colours"), max_length=120, blank=True, default="", db_default="")
    pickup_hours = models.CharField(
        _("pickup times"), max_length=200, blank=True, default="", db_default=""
    )
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)

    objects = TranslatedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("translated text")
        verbose_name_plural = _("translated texts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(FIELDS),
                name="translated_text_of_one_thing",
                violation_error_message=_("A text is the translation of one thing."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[field, "language_code"],
                    name=f"translated_text_once_per_{field}",
                    violation_error_message=_("There is a translation to that language already."),
                )
                for field in FIELDS
            ),
        ]

    def __str__(self):
        return self.title or str(self.thing)

    @property
    def thing(self):
        """What it is a translation of."""
        return next((thing for name in FIELDS if (thing := getattr(self, name))), None)

    @property
    def source(self) -> Source:
        """What the thing says now, in the language that it was written in."""
        return self.thing.source if self.thing else Source("", "")

    @property
    def details_in_words(self):
        """[(what it is, what the original says, what this says)] of the details that there are."""
        names = {name: capfirst(self._meta.get_field(name).verbose_name) for name in DETAILS}
        details = self.source.details
        return [(names[name], words, getattr(self, name)) for name, words in details if words]

    @property
    def language(self):
        return self.language_code

    @property
    def language_name(self):
        return get_language_info(self.language_code)["name_translated"]

    @property
    def sent_by(self):
        """The organisation that wrote the original: its municipality is the text's. Or None."""
        return self.thing.sent_by

    @property
    def senders(self):
        """The translator waits for the answer, not the organisation, which has not sent this."""
        return [self.created_by] if self.created_by and self.created_by.is_active else []

    @property
    def draft(self) -> "TranslatedText":
        """Its newest words, which may wait for review or not be sent yet; for rows in lists."""
        written = self.latest_revision.content if self.latest_revision else {}
        words = {name: written.get(name, getattr(self, name)) for name in WORDS}
        things = {name: getattr(self, name) for name in FIELDS}
        return TranslatedText(**words, **things, language_code=self.language_code)

    @property
    def fits(self) -> bool:
        """Whether it was made from what the thing says now."""
        return self.source_digest == self.source.digest

    @property
    def missing(self) -> int:
        """How many of the texts are not translated."""
        source = self.source
        wanted = [("title", source.title), ("text", source.text), *source.details]
        return sum(bool(words and not getattr(self, name)) for name, words in wanted)

    def obstacle_to_publishing(self):
        """Nothing goes out that is half translated, or made from what is not said any more."""
        if self.missing:
            return _("Some texts are not translated yet. Translate them first, then send it.")
        if not self.fits:
            return _("The original has changed since. Bring the translation up to date first.")
        return super().obstacle_to_publishing()

    def clean(self):
        super().clean()
        if self.category and len(self.title) > self.category.LONGEST_NAME:
            most = self.category.LONGEST_NAME
            raise ValidationError({"title": _("At most %(most)d characters.") % {"most": most}})

    @property
    def preview_modes(self):
        """None for a category, which has no page of its own."""
        return super().preview_modes if hasattr(self.thing, "get_preview_template") else []

    def serve_preview(self, request, mode_name):
        """What a visitor will see: the thing's own page, in the language of the translation."""
        with override(self.language_code or settings.LANGUAGE_CODE):
            return super().serve_preview(request, mode_name).render()

    def get_preview_template(self, request, mode_name):
        return self.thing.get_preview_template(request, mode_name)

    def get_preview_context(self, request, mode_name):
        setattr(self.thing, IN_LANGUAGE, [self])
        return self.thing.get_preview_context(request, mode_name)

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("live"),
        index.FilterField("language_code"),
    ]
