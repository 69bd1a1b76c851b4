"""Exports of the admin's lists and reports, by Wagtail's own hooks for them."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView

from portal.foundation.spreadsheets import XLSX_CONTENT_TYPE

from .csv_files import SEMICOLON, Dialect, other_dialect, own_dialect, stream_csv
from .sheets import Column, Sheet, cell, definition_of, field_of, field_value
from .workbooks import write_workbook

# Integers that are names, not amounts.
PLAIN = ("pk", "id", "year", "number", "code")


if TYPE_CHECKING:
    Base: TypeAlias = SpreadsheetExportMixin
else:
    Base = object


class ExportMixin(Base):
    """For views with Wagtail's `SpreadsheetExportMixin`.

    Set `list_export`, and where needed `export_headings`, `export_filename`, `export_totals` (the
    columns with a total) and `export_definitions` ({column: what it holds}; else help texts).
    `?export=csv` is in the dialect of the reader's language, `?export=csv_other` in the other one.
    """

    FORMAT_OTHER_CSV = "csv_other"
    FORMATS = ("xlsx", "csv", FORMAT_OTHER_CSV)
    export_buttons_template_name = "portal/admin/export_buttons.html"
    # Whether totals and notes follow the rows in a CSV file too, where programs may trip over them.
    export_csv_notes = False
    export_definitions: dict[str, Any] = {}

    @property
    def export_totals(self) -> Iterable[str]:
        return ()

    def export_columns(self, queryset) -> list[Column]:
        model = getattr(queryset, "model", None)
        return [
            Column(
                key=key,
                heading=self.get_heading(queryset, key),
                definition=force_str(self.export_definitions.get(key) or definition_of(model, key)),
                is_summed=key in self.export_totals,
                is_plain=key.rpartition(".")[2].rpartition("_")[2] in PLAIN,
            )
            for key in self.list_export
        ]

    def export_notes(self) -> list[list[str]]:
        """What a reader has to know who opens the file a year later."""
        now = date_format(timezone.localtime(), "DATETIME_FORMAT")
        return [[_("List"), self.export_title()], [_("Exported"), now], *self.chosen_filters()]

    def export_title(self) -> str:
        title = getattr(self, "get_page_title", lambda: "")() or getattr(self, "page_title", "")
        return capfirst(force_str(title or self.get_filename()))

    def chosen_filters(self) -> list[list[str]]:
        """[[filter, what was chosen]] in words."""
        filters = getattr(self, "filters", None)
        if not filters or not filters.is_valid():
            return []
        chosen = []
        for name, value in filters.form.cleaned_data.items():
            if value in (None, "", [], ()) or (hasattr(value, "exists") and not value.exists()):
                continue
            label = filters.form.fields[name].label or name
            chosen.append([force_str(label), force_str(self._chosen(filters.form, name, value))])
        return chosen

    @staticmethod
    def _chosen(form, name: str, value: Any) -> Any:
        choices = dict(getattr(form.fields[name], "choices", []) or [])
        if isinstance(value, slice):
            return " – ".join(force_str(cell(end) or "…") for end in (value.start, value.stop))
        return choices.get(value) or choices.get(str(value)) or cell(value)

    def get_heading(self, queryset, field: str) -> str:
        if heading := self.export_headings.get(field):
            return force_str(heading)
        found = field_of(getattr(queryset, "model", None), field)
        if found is not None and hasattr(found, "verbose_name"):
            return capfirst(force_str(found.verbose_name))
        return super().get_heading(queryset, field)

    def to_row_dict(self, item) -> dict[str, Any]:
        return {key: field_value(item, key) for key in self.list_export}

    def export_sheet(self, queryset) -> Sheet:
        return Sheet(
            title=self.export_title(),
            columns=self.export_columns(queryset),
            rows=self._rows(queryset, get_language()),
            notes=self.export_notes(),
        )

    def _rows(self, queryset, language) -> Iterator[list]:
        # Wagtail streams when it has put away the reader's language.
        for item in queryset:
            with override(language):
                yield [cell(value) for value in self.to_row_dict(item).values()]

    def as_spreadsheet(self, queryset, spreadsheet_format: str) -> HttpResponseBase:
        if spreadsheet_format == self.FORMAT_XLSX:
            return self.write_xlsx_response(queryset)
        other = spreadsheet_format == self.FORMAT_OTHER_CSV
        return self._csv_response(queryset, other_dialect() if other else own_dialect())

    def _csv_response(self, queryset, dialect: Dialect) -> HttpResponseBase:
        sheet = self.export_sheet(queryset)
        if not self.export_csv_notes:
            sheet = sheet.bare()
        response = StreamingHttpResponse(
            stream_csv(sheet, dialect), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{self.get_filename()}.csv"'
        return response

    def write_xlsx_response(self, queryset) -> HttpResponseBase:
        output = BytesIO()
        write_workbook(self.export_sheet(queryset), output)
        output.seek(0)
        return FileResponse(
            output,
            as_attachment=True,
            content_type=XLSX_CONTENT_TYPE,
            filename=f"{self.get_filename()}.xlsx",
        )

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons.copy()
        if self.show_export_buttons:
            buttons.append(
                Button(
                    self.other_csv_label,
                    url=self.other_csv_export_url,
                    icon_name="download",
                    priority=110,
                )
            )
        return buttons

    @property
    def other_csv_export_url(self) -> str:
        return self.get_export_url(self.FORMAT_OTHER_CSV)

    @property
    def other_csv_label(self) -> str:
        if own_dialect() == SEMICOLON:
            return _("Download CSV (comma, decimal point)")
        return _("Download CSV (semicolon, decimal comma)")


class ExportIndexView(ExportMixin, IndexView):
    """The list of a snippet that may be exported."""
