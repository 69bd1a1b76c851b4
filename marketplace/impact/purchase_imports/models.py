from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation
from marketplace.spreadsheets.models import ColumnChoice, SpreadsheetUpload


class PurchaseImportQuerySet(models.QuerySet):
    def of_organisation(self, organisation: Organisation) -> "PurchaseImportQuerySet":
        return self.filter(organisation=organisation)

    def undecided(self) -> "PurchaseImportQuerySet":
        return self.exclude(state=PurchaseImport.State.DONE)


class PurchaseImport(SpreadsheetUpload):
    """An uploaded spreadsheet of a term's purchases, until it has been added to the report."""

    class State(models.TextChoices):
        READING = "reading", _("Is being read")
        ASKING = "asking", _("Waits for an answer")
        READ = "read", _("Waits for your yes")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be read")

    UNDECIDED = [State.ASKING, State.READ, State.FAILED]
    SUBJECT = ColumnChoice.Subject.PURCHASES

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="purchase_imports",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    term = models.CharField(_("term"), max_length=2)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.READING
    )
    rows = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Each row: its number, what it says, how it was understood and its problems."),
    )

    objects = PurchaseImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of purchases")
        verbose_name_plural = _("imports of purchases")
        ordering = ["-created_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("marketplace:purchase_import", args=[self.pk])

    def forget_rows(self) -> None:
        super().forget_rows()
        self.rows = []
