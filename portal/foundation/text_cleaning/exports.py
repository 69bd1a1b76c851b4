"""The way out into spreadsheets, for what was stored before there was a cleaning."""

from typing import Any

from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from portal.foundation.text_cleaning.cleaning import clean_text


def exportable(value: Any) -> Any:
    """`value` as it is written into a cell: numbers and dates as they are, the rest clean."""
    value = force_str(value, strings_only=True)
    return clean_text(value) if isinstance(value, str) else value


def guard_spreadsheets() -> None:
    """Clean every cell of every list and report, Wagtail's own too.

    One vertical tab would otherwise make the whole file impossible to write. Wagtail lets views
    prepare single fields and types, but has no setting for all cells of all views.
    """
    prepared = SpreadsheetExportMixin.preprocess_field_value

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return exportable(prepared(self, field, value, export_format))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
