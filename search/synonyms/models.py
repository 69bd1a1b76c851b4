"""Words that mean the same, or lead to others."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin

from search.synonyms.rules import parse


class Synonym(PreviewableMixin, models.Model):
    """A rule of words that mean the same, or that lead to others, in force within a minute."""

    rule = models.CharField(
        _("rule"),
        max_length=500,
        help_text=_(
            "Words that mean the same, with commas between: tyg, textil, väv. Or words that lead "
            "to others, with an arrow: koja => wellpapp, papprör."
        ),
    )
    active = models.BooleanField(_("in force"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["rule"]

    def __str__(self) -> str:
        return self.rule

    def clean(self) -> None:
        try:
            parse(self.rule)
        except ValidationError as error:
            raise ValidationError({"rule": error.messages}) from error
