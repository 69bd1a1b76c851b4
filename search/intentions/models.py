from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.materials.properties import Property
from search.query import analysis

# In words; the help text and the message of a longer one say so too.
LONGEST_PHRASE = 4


def split(text: str) -> list[str]:
    """The phrases of `text` between commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


class Intention(models.Model):
    """What somebody may want to do, and what fits: in force within a minute of being saved."""

    class Type(models.TextChoices):
        ACTIVITY = "activity", _("Activity")
        THEME = "theme", _("Theme")
        PROPERTY = "property", _("Property")
        AGE = "age", _("Age or subject")

    type = models.CharField(_("kind"), max_length=10, choices=Type.choices, db_column="kind")
    phrases = models.CharField(
        _("what people say"),
        max_length=300,
        help_text=_(
            "With commas between: bygga koja, koja, hydda. At most four words each; the order of "
            "the words does not matter, and forms such as kojor are understood."
        ),
    )
    best_categories = models.JSONField(_("fits best"), default=list, blank=True)
    categories = models.JSONField(_("fits too"), default=list, blank=True)
    properties = models.JSONField(_("has all of these properties"), default=list, blank=True)
    words = models.CharField(
        _("words to look for"),
        max_length=300,
        blank=True,
        help_text=_("In titles, tags and texts, separated by commas: kulbana, papprör."),
    )
    age_groups = models.JSONField(_("age groups"), default=list, blank=True)
    subjects = models.JSONField(_("subjects"), default=list, blank=True)
    active = models.BooleanField(_("in force"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("intention")
        verbose_name_plural = _("intentions")
        ordering = ["phrases"]

    def __str__(self) -> str:
        return self.phrases

    def clean(self) -> None:
        for phrase in split(self.phrases):
            words = analysis.words(phrase)
            if all(word in analysis.stop_words() for word in words):
                message = _("“%(phrase)s” is left out of every question. Write other words.")
                raise ValidationError({"phrases": message % {"phrase": phrase}})
            if len(words) > LONGEST_PHRASE:
                message = _("“%(phrase)s” is too long: four words at most between two commas.")
                raise ValidationError({"phrases": message % {"phrase": phrase}})
        leads = ("best_categories", "categories", "properties", "words", "age_groups", "subjects")
        if not any(getattr(self, name) for name in leads):
            raise ValidationError(
                _("Choose at least one category or property, or write words to look for.")
            )

    @property
    def property_names(self) -> str:
        labels = dict(Property.choices)
        return ", ".join(str(labels[each]) for each in self.properties if each in labels)
