"""The answers as fields of what is given away."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.safety.answers import QUESTIONS, UNKNOWN, Answers, Ruling
from marketplace.safety.rules import fits_from, in_a_line, must_be_settled

NOT_SETTLED = _(
    "Decide first whether it is for preschools: answer what is not known, or "
    "say what you have found out."
)


def answer_to(name: str) -> models.CharField:
    """The field of a question: one of its answers, "don't know" until somebody has said more."""
    label, answers = QUESTIONS[name]
    return models.CharField(
        label, max_length=20, choices=answers.choices, default=UNKNOWN, db_default=UNKNOWN
    )


class SafetyAnswered(models.Model):
    """Five answers of the giver, what else limits whom it is for, and what follows from that."""

    made_for = answer_to("made_for")
    treatment = answer_to("treatment")
    dust_or_smell = answer_to("dust_or_smell")
    loose_parts = answer_to("loose_parts")
    heat_or_food = answer_to("heat_or_food")
    sharp_edges = models.BooleanField(_("sharp edges"), default=False)
    suitable_from_age = models.PositiveSmallIntegerField(
        _("suitable from age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(18)],
    )
    safety_note = models.CharField(_("safety remark"), max_length=300, blank=True)
    preschool_ruling = models.CharField(
        _("decided for preschools"),
        max_length=10,
        choices=Ruling.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where the answers say “ask first”: what you have found out about it."),
    )
    fits_from_age = models.PositiveSmallIntegerField(
        _("fits from age"),
        null=True,
        blank=True,
        editable=False,
        help_text="What the rules make of the answers; kept to be filtered by.",
    )

    # What the giver answers, and a copy takes over.
    SAFETY_FIELDS = (*QUESTIONS, "sharp_edges", "suitable_from_age", "safety_note")

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        # What is written decides: a draft in memory says nothing about the published row.
        if update_fields is None or {*self.SAFETY_FIELDS, "preschool_ruling"} & {*update_fields}:
            self.fits_from_age = fits_from(self.answers)
            update_fields = update_fields and {*update_fields, "fits_from_age"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def answers(self) -> Answers:
        return Answers.of(self)

    @property
    def safety_line(self):
        return in_a_line(self.answers)

    @property
    def must_be_settled(self) -> bool:
        """Whether an editor must settle something before it is published to preschools."""
        return must_be_settled(self.answers)
