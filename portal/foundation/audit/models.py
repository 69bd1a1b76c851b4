"""The rows of the audit trail. They hold numbers, not names: erasing somebody is enough."""

from collections.abc import Sequence

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """The audit trail is only added to."""


class AuditQuerySet(models.QuerySet):
    """Rows that are read and added, and removed by age alone."""

    def update(self, **values):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly

    def about(self, user) -> "AuditQuerySet":
        """What `user` did, and what was done to the account."""
        person = models.Q(target_type=user._meta.label_lower, target_id=str(user.pk))
        return self.filter(models.Q(actor=user.pk) | person)

    @transaction.atomic
    def remove_older_than(self, moment) -> int:
        """Remove what was recorded before `moment`, and count it: the one way out."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('portal.audit_retention', 'on', true)")
        count = self.filter(at__lt=moment)._raw_delete(self.db)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('portal.audit_retention', 'off', true)")
        return count


class AuditEvent(models.Model):
    """One thing that somebody did. `actor` and the rest are primary keys, not relations.

    A relation would be emptied or would take the row along when what it points at is removed.
    """

    class Type(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
        SESSION_ENDED = "session_ended", _("Ended sign-ins")
        PASSWORD_CHANGED = "password_changed", _("Changed the password")
        EMAIL_CHANGED = "email_changed", _("Changed an e-mail address")
        FACTOR_ADDED = "factor_added", _("Added a second factor")
        FACTOR_REMOVED = "factor_removed", _("Removed a second factor")
        ROLE_GIVEN = "role_given", _("Gave a role")
        ROLE_TAKEN = "role_taken", _("Took a role away")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        TRUSTED = "trusted", _("Made trusted")
        NOT_TRUSTED = "not_trusted", _("Made no longer trusted")
        MERGED = "merged", _("Merged")
        INVITED = "invited", _("Invited")
        CORRECTED = "corrected", _("Corrected")
        EXPORTED = "exported", _("Exported")
        ERASED = "erased", _("Removed an account")
        RESERVATION_ACCEPTED = "reservation_accepted", _("Accepted a reservation")
        HANDOVER_CONFIRMED = "handover_confirmed", _("Confirmed a handover")
        RECALLED = "recalled", _("Recalled material")
        ACCESS_GIVEN = "access_given", _("Gave a card or a link")
        ACCESS_TAKEN = "access_taken", _("Took a card or a link back")

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    type = models.CharField(
        _("what"), max_length=30, choices=Type.choices, editable=False, db_column="kind"
    )
    actor = models.PositiveBigIntegerField(_("who"), null=True, editable=False)
    organisation = models.PositiveBigIntegerField(_("for which organisation"), null=True)
    target_type = models.CharField(max_length=100, blank=True, editable=False)
    target_id = models.CharField(max_length=40, blank=True, editable=False)
    detail = models.JSONField(_("detail"), default=dict, blank=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        app_label = "portal"
        verbose_name = _("event in the audit trail")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(fields=["type", "-at"], name="audit_kind"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_type_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly

    # Set by `name_together`: {(model, key): what it is called}.
    _names: dict[tuple[str, str], str] | None = None

    @classmethod
    def name_together(cls, events: "Sequence[AuditEvent]") -> None:
        """Look up all that `events` name with one query for each model."""
        wanted: dict[str, set[str]] = {}
        for event in events:
            for label, pk in event._named():
                wanted.setdefault(label, set()).add(str(pk))
        names = {
            (label, pk): name
            for label, pks in wanted.items()
            for pk, name in names_of(label, pks).items()
        }
        for event in events:
            event._names = names

    def _named(self):
        """(model, key) of who, for whom and about what."""
        if self.actor is not None:
            yield get_user_model()._meta.label_lower, self.actor
        if self.organisation:
            yield "marketplace.organisation", self.organisation
        if self.target_type:
            yield self.target_type, self.target_id

    def _name(self, label: str, pk) -> str:
        known = (self._names or {}).get((label, str(pk)))
        return name_of(label, pk) if known is None else known

    @property
    def who(self) -> str:
        """The actor's name now; of an account that is gone, only its number."""
        if self.actor is None:
            return ""
        return self._name(get_user_model()._meta.label_lower, self.actor)

    @property
    def acted_for(self) -> str:
        """The name of the organisation that the actor acted for."""
        if not self.organisation:
            return ""
        return self._name("marketplace.organisation", self.organisation)

    @property
    def about(self) -> str:
        """What it was done to: its name now, or its model and number."""
        return self._name(self.target_type, self.target_id) if self.target_type else ""

    @property
    def more(self) -> str:
        """The details as a line of text."""
        return ", ".join(f"{key}: {value}" for key, value in self.detail.items())


def name_of(label: str, pk) -> str:
    """What the row `pk` of the model `label` is called now, or its model and number."""
    return names_of(label, [pk])[str(pk)]


def names_of(label: str, pks) -> dict[str, str]:
    """What `name_of` says of each of `pks`, in one query."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {str(pk): f"{label} {pk}" for pk in pks}
    # What a row is called often holds the names of what it belongs to.
    nearest = [each.name for each in model._meta.fields if each.many_to_one or each.one_to_one]
    rows = model._base_manager.filter(pk__in=pks).select_related(*nearest)
    found = {str(row.pk): str(row) for row in rows}
    return {str(pk): found.get(str(pk), f"{model._meta.verbose_name} {pk}") for pk in pks}
