"""Several listings at once from a spreadsheet: read, looked through, and then made, or none."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.spreadsheets.models import ColumnChoice, SpreadsheetUpload


class ListingImportQuerySet(models.QuerySet):
    def of_organisation(self, organisation):
        return self.filter(organisation=organisation)


class ListingImport(SpreadsheetUpload):
    """One spreadsheet of listings, from the file to the review of what it became."""

    class State(models.TextChoices):
        READING = "reading", _("Is being read")
        ASKING = "asking", _("Waits for an answer")
        READ = "read", _("Waits for your yes")
        CREATING = "creating", _("Listings are being made")
        SENDING = "sending", _("Is being sent for review")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be read")

    WORKING = [State.READING, State.CREATING, State.SENDING]
    # States in which nothing has been made yet: the file may be read again or thrown away.
    UNDECIDED = [State.ASKING, State.READ, State.FAILED]
    SUBJECT = ColumnChoice.Subject.LISTINGS

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="listing_imports",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.READING
    )
    done = models.PositiveIntegerField(_("done"), default=0)
    review = models.BooleanField(_("send for review at once"), default=True)

    objects = ListingImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of listings")
        verbose_name_plural = _("imports of listings")
        ordering = ["-created_at", "-pk"]

    def get_absolute_url(self):
        return reverse("marketplace:import", args=[self.pk])

    def forget_rows(self):
        super().forget_rows()
        self.rows.all().delete()


class ListingImportRowQuerySet(models.QuerySet):
    def wrong(self):
        return self.filter(is_right=False)

    def unsent(self):
        return self.filter(listing__isnull=False, sent_at=None)


class ListingImportRow(models.Model):
    """One row of the file: what it says, what is wrong with it, and what it became."""

    listing_import = models.ForeignKey(ListingImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(default=dict, help_text=_("What was written, by column."))
    understood = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text=_("What each cell was taken to mean, in words, by column."),
    )
    problems = models.JSONField(default=list, blank=True, help_text=_("One sentence per cell."))
    is_right = models.BooleanField(_("without errors"), default=True)
    listing = models.OneToOneField(
        "marketplace.MaterialListing",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="import_row",
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ListingImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing_import", "number"], name="import_row_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(is_right=True) | Q(listing=None),
                name="import_row_right_before_it_counts",
            ),
        ]

    def __str__(self):
        return f"{self.listing_import}: {self.number}"
