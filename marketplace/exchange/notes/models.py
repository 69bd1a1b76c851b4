from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoteQuerySet(models.QuerySet):
    def thanks(self):
        return self.filter(type=Note.Type.THANKS)

    def unhandled(self):
        """Problems that nobody has dealt with yet."""
        return self.filter(type=Note.Type.PROBLEM, handled_at=None)

    def in_municipalities(self, municipalities):
        return self.filter(
            Q(reservation__organisation__municipality__in=municipalities)
            | Q(reservation__listing__organisation__municipality__in=municipalities)
        )


class Note(models.Model):
    """What a side has to say after a handover: thanks to the other, or a problem to a coordinator.

    Thanks are shown to both sides. Problems are never shown to the other side, nor published.
    """

    class Type(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        PROBLEM = "problem", _("Problem")

    reservation = models.ForeignKey(
        "marketplace.Reservation",
        verbose_name=_("reservation"),
        on_delete=models.CASCADE,
        related_name="notes",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("from"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    author = models.ForeignKey(
        "portal.User",
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    type = models.CharField(_("kind"), max_length=10, choices=Type.choices, db_column="kind")
    text = models.TextField(_("text"), max_length=1000)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("handled by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a handover")
        verbose_name_plural = _("notes on handovers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "organisation"],
                condition=Q(type="thanks"),
                name="note_thanks_once",
                violation_error_message=_("You have already said thank you."),
            )
        ]

    def __str__(self):
        return self.text[:60]
