"""A list of schools on its way in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.spreadsheets.models import KeptFile


class SchoolImport(KeptFile):
    """A file with schools: read in the background, shown, imported after a yes."""

    class State(models.TextChoices):
        READING = "reading", _("Is being read")
        READ = "read", _("Waits for your yes")
        IMPORTING = "importing", _("Is being imported")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be read")

    WORKING = (State.READING, State.IMPORTING)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.CASCADE,
        related_name="school_imports",
    )
    # Of the schools that the file gives none.
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.READING
    )
    rows = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Each row: what happens to it, where it is, what the file says and a remark."),
    )
    counted = models.JSONField(
        default=dict, blank=True, help_text=_("How many rows there are of each change.")
    )

    class Meta:
        verbose_name = _("import of schools")
        verbose_name_plural = _("imports of schools")
        ordering = ["-created_at", "-pk"]

    @property
    def changes(self):
        """How many organisations it makes or changes."""
        return self.counted.get("new", 0) + self.counted.get("changed", 0)

    @property
    def can_be_confirmed(self):
        return self.state == self.State.READ and self.changes > 0
