"""Spreadsheets of Wagtail's lists and reports that open as they should in Excel."""

from django.utils.translation import get_language, override
from wagtail.snippets.views.snippets import IndexView

# What a spreadsheet would take for a formula when it opens a CSV file.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value):
    """Text that a spreadsheet does not take for a formula, whoever has typed it."""
    if isinstance(value, str) and len(value) > 1 and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


class SafeExport:
    """For views with Wagtail's `SpreadsheetExportMixin`. It guards XLSX files itself, not CSV."""

    def write_csv_row(self, writer, row_dict):
        return writer.writerow(
            {
                key: harmless(self.preprocess_field_value(key, value, self.FORMAT_CSV))
                for key, value in row_dict.items()
            }
        )

    def stream_csv(self, queryset):
        """The file line by line, as bytes, with the mark by which Excel knows å, ä and ö.

        It is streamed when Wagtail has put away the reader's language, which it is to be in.
        """
        return self._lines(super().stream_csv(queryset), get_language())

    @staticmethod
    def _lines(lines, language):
        with override(language):
            yield "\ufeff".encode()
            yield from lines


class SafeIndexView(SafeExport, IndexView):
    """The list of a snippet whose rows hold what people have written."""
