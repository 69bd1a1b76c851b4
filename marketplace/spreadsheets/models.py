"""Spreadsheets that people send: kept, read in the background, shown, and used after a yes."""

from collections.abc import Collection

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptFile(models.Model):
    """A file on its way in.

    Subclasses have a `state`, at first "reading", and a `question` if reading may need an answer.
    """

    state: str
    question: dict
    # States in which a job is at it.
    WORKING: Collection[str] = ("reading",)
    # What nobody confirmed is removed after so many days.
    KEEP_DAYS = 30

    language = models.CharField(_("language"), max_length=10, default="sv")
    file_name = models.CharField(_("file"), max_length=120)
    # Kept until somebody has decided, and here rather than among the public media.
    content = models.BinaryField(null=True, blank=True)
    failure = models.TextField(_("why it could not be read"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(
        default=timezone.now, help_text=_("When its job last showed a sign of life.")
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.file_name

    @property
    def is_working(self):
        return self.state in self.WORKING

    def forget_rows(self):
        """Forget what has been read of it."""


class SpreadsheetUpload(KeptFile):
    """A file whose columns people choose: what was understood of it, and what has been answered.

    Subclasses have an `organisation`, and `UNDECIDED`, the states in which nothing has been made of
    the file yet.
    """

    organisation_id: int
    UNDECIDED: Collection[str]
    SUBJECT: "ColumnChoice.Subject"

    created_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    total = models.PositiveIntegerField(_("rows"), default=0)
    with_errors = models.PositiveIntegerField(_("rows with errors"), default=0)
    encoding = models.CharField(
        _("encoding"), max_length=20, blank=True, default="", db_default="", editable=False
    )
    question = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text=_("What has to be answered before the file can be read."),
    )
    heading = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text=_("The headings in the file, and what each was taken to be."),
    )
    remarks = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text=_("What to check before saying yes, one sentence each."),
    )

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def has_columns(self):
        return bool(self.heading.get("all"))

    @property
    def can_be_changed(self):
        """Whether the file is still there to be read again with other answers."""
        return self.state in self.UNDECIDED and bool(self.has_columns or self.question)

    @property
    def can_be_confirmed(self):
        return self.state == "read" and self.total > 0 and self.with_errors == 0

    def forget_rows(self):
        self.total = self.with_errors = 0
        self.question = {}


class ColumnChoice(models.Model):
    """What an organisation has said that a heading of its own spreadsheets stands for."""

    class Subject(models.TextChoices):
        LISTINGS = "listings", _("listings")
        PURCHASES = "purchases", _("purchases")

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="column_choices",
    )
    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    heading = models.CharField(_("heading"), max_length=200, help_text=_("In lower case."))
    column = models.CharField(
        _("column"),
        max_length=40,
        blank=True,
        help_text=_("Leave it empty if the column is not used."),
    )

    class Meta:
        verbose_name = _("choice of column")
        verbose_name_plural = _("choices of columns")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject", "heading"], name="column_chosen_once_per_heading"
            )
        ]

    def __str__(self):
        return f"{self.heading} → {self.column}"
