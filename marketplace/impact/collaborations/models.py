"""Collaborations other than exchanging material."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation


class CollaborationQuerySet(models.QuerySet):
    def of_organisation(self, organisation: Organisation) -> "CollaborationQuerySet":
        return self.filter(Q(company=organisation) | Q(partner=organisation))

    def in_municipalities(
        self, municipalities: Iterable[Municipality | int]
    ) -> "CollaborationQuerySet":
        return self.filter(
            Q(company__municipality__in=municipalities)
            | Q(partner__municipality__in=municipalities)
        )


class Collaboration(models.Model):
    """A study visit, a project or the like, recorded by hand.

    Collaborations through material are not stored. They are counted from the ledger, starting with
    the first handover between a company and a receiver.
    """

    class Type(models.TextChoices):
        STUDY_VISIT = "study_visit", _("Study visit")
        PROJECT = "project", _("Joint project")
        OTHER = "other", _("Other")

    type = models.CharField(_("kind"), max_length=15, choices=Type.choices, db_column="kind")
    company = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("company"),
        on_delete=models.PROTECT,
        related_name="collaborations_as_company",
        limit_choices_to={"type": "company"},
    )
    partner = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("school or service"),
        on_delete=models.PROTECT,
        related_name="collaborations_as_partner",
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The partner's when it was recorded: there the collaboration counts."),
    )
    started_on = models.DateField(_("started"), default=timezone.localdate)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaboration")
        verbose_name_plural = _("collaborations")
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(company=F("partner")),
                name="collaboration_between_two",
                violation_error_message=_("A collaboration is between two organisations."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="collaboration_ends_after_it_starts",
                violation_error_message=_("It cannot have ended before it started."),
            ),
            models.UniqueConstraint(
                fields=["type", "company", "partner", "started_on"],
                name="collaboration_once",
                violation_error_message=_("This collaboration has been recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} – {self.partner}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.municipality_id is None:
            self.municipality = self.partner.municipality
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.started_on and self.started_on > timezone.localdate():
            raise ValidationError(
                {"started_on": _("It has not started yet. Record it on the day that it does.")}
            )
