"""Tables that people send: XLSX and CSV files read as a spreadsheet program shows them.

`read_table` yields rows, `find_heading` finds the columns among them, and `values` understands
what a cell says. Nothing here knows what the table is about.
"""

from portal.foundation.spreadsheets.headings import ColumnSet, Heading, find_heading
from portal.foundation.spreadsheets.reading import read_table
from portal.foundation.spreadsheets.refusals import EncodingUnclear, SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row, cell_name
from portal.foundation.spreadsheets.values import BadCell, Value

XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = [
    "XLSX_CONTENT_TYPE",
    "BadCell",
    "ColumnSet",
    "EncodingUnclear",
    "Heading",
    "Limits",
    "Options",
    "Row",
    "SpreadsheetError",
    "Value",
    "cell_name",
    "find_heading",
    "read_table",
]
