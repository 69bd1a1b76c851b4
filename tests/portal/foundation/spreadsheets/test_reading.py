"""Tables are read as a spreadsheet program shows them, or refused with a cell named."""

import csv
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.foundation.spreadsheets.reading import read_table
from portal.foundation.spreadsheets.refusals import EncodingUnclear, SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options
from portal.foundation.spreadsheets.values import BadCell
from portal.foundation.text import tidy

FILES = Path(__file__).parent / "files"
LIMITS = Limits(bytes=5 * 1024**2, rows=5_000)
HEADING = ["Rubrik", "Sorts material", "Antal", "Enhet", "Kg per styck"]


def table(content, **options):
    return [row.cells for row in read_table(content, limits=LIMITS, options=Options(**options))]


def case(name, **options):
    return table((FILES / name).read_bytes(), **options)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("dimension-a1.xlsx", ["Pappersrör", "Wellpapp", 12, "stycken", 0.25]),
        ("blank-formatted-rows.xlsx", ["Pappersrör", "Wellpapp", 12, "stycken", 0.25]),
        ("blank-rows.csv", ["Pappersrör", "Wellpapp", "12", "stycken", "0,25"]),
        ("float-noise.xlsx", ["Brädor", "Trä", 0.3, "stycken", 6.3]),
        ("formula-many-decimals.xlsx", ["Brädor", "Trä", 12, "stycken", 1.71428571428571]),
        ("csv-mac_roman.csv", ["Pappersrör och lådor", "Wellpapp", "12", "stycken", "0,25"]),
        ("csv-cp850.csv", ["Pappersrör och lådor", "Wellpapp", "12", "stycken", "0,25"]),
        ("sep-line.csv", ["Pappersrör", "Wellpapp", "12", "stycken", "0,25"]),
        ("unicode-text.txt", ["Pappersrör", "Wellpapp", "12", "stycken", "0,25"]),
        ("hidden-first-sheet.xlsx", ["Pappersrör", "Wellpapp", 12, "stycken", 0.25]),
        ("nfd-category.xlsx", ["Brädor", "Trä", 3, "stycken", 1]),
        ("strict-ooxml.xlsx", ["Pappersrör", "Wellpapp", 12, "stycken", 0.25]),
        ("boolean.xlsx", ["A", "Wellpapp", 1, "stycken", 1, True]),
        ("carriage-return.xlsx", ["Papprör\nlånga", "Wellpapp", 12, "stycken", 0.25]),
        ("vertical-tab.csv", ["Papprör långa", "Wellpapp", "12", "stycken", "0,25"]),
    ],
)
def test_a_file_that_excel_opens_is_read_as_it_shows_it(name, first):
    rows = case(name)

    assert rows[1] == first
    assert len(rows) == 2


def test_the_numbers_of_rows_are_those_on_the_screen():
    rows = list(read_table((FILES / "title-above.xlsx").read_bytes(), limits=LIMITS))

    assert [row.number for row in rows] == [1, 3, 4]
    rows = list(read_table((FILES / "sep-line.csv").read_bytes(), limits=LIMITS))
    assert [row.number for row in rows] == [1, 2]


def test_a_formula_without_a_result_is_a_bad_cell():
    assert case("formula-without-value.xlsx")[1][2] == BadCell("formula", "=6*2")


def test_a_code_with_leading_zeros_keeps_them():
    book = Workbook()
    book.active.append([123])
    book.active["A1"].number_format = "00000"

    assert table(saved(book)) == [["00123"]]


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "utf-8", "utf-16"])
@pytest.mark.parametrize("words", ["Pappersrör", "Lådor", "Läder", "ÄGGKARTONGER", "Ölburkar", "Å"])
def test_an_encoding_is_recognised_or_asked_for_but_never_guessed(encoding, words):
    content = f"Rubrik;Antal\r\n{words};3\r\n".encode(encoding)

    try:
        assert table(content)[1][0] == words
    except EncodingUnclear as question:
        assert words in question.samples[encoding]
        assert table(content, encoding=encoding)[1][0] == words


def test_a_word_that_means_something_in_two_encodings_is_asked_about():
    with pytest.raises(EncodingUnclear) as question:
        table(b"Rubrik;Antal\r\n\x9a\x86;3\r\n")

    assert set(question.value.samples) == {"cp1252", "mac_roman", "cp850"}


def test_letters_garbled_long_ago_are_a_bad_cell():
    assert isinstance(table("Rubrik\nPappersrÃ¶r\n".encode())[1][0], BadCell)


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"PK\x03\x04 broken", b"\x00\x01\x02", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old"],
)
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(SpreadsheetError) as refusal:
        table(content)

    assert refusal.value.problems


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="s"><v>7</v></c>',
        '<c t="s"><v>x</v></c>',
        '<c s="-5"><v>1</v></c>',
        '<c t="d"><v>x</v></c>',
    ],
)
def test_a_cell_that_refers_to_what_is_not_there_is_no_fault(cell):
    good = '<row><c><v>1</v></c></row><row><c t="inlineStr"><is><t>Trä</t></is></c></row>'
    assert table(archive(sheet=good))
    read_or_refused(archive(sheet=f"<row>{cell}</row>{good}"))


def read_or_refused(content):
    try:
        table(content)
    except SpreadsheetError as refusal:
        assert refusal.problems
        return False
    return True


def test_a_file_that_was_damaged_on_the_way_is_read_or_refused():
    content = (FILES / "float-noise.xlsx").read_bytes()
    chance = random.Random(12)
    outcomes = set()
    for _time in range(300):
        damaged = bytearray(content)
        for _byte in range(chance.randrange(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        outcomes.add(read_or_refused(bytes(damaged)))

    assert outcomes == {True, False}


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_workbook_packed_as_no_program_packs_one_is_refused(packing):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(FILES / "float-noise.xlsx") as usual,
        zipfile.ZipFile(buffer, "w", packing) as packed,
    ):
        for name in usual.namelist():
            packed.writestr(name, usual.read(name))

    assert not read_or_refused(buffer.getvalue())


# --- Limits on what a file unfolds to -------------------------------------------------------------

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(*, sheet, strings=""):
    """A minimal XLSX file around the XML of its sheet data and shared strings."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships"><Relationship Id="r1" Type="{RELATIONS}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{strings}</sst>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return buffer.getvalue()


BOMBS = {
    "cells": lambda: archive(sheet="<row>" + "<c><v>1</v></c>" * 2_000_000 + "</row>"),
    "blank cells": lambda: archive(sheet="<row>" + '<c s="0"/>' * 2_000_000 + "</row>"),
    "strings": lambda: archive(sheet="<row/>", strings="<si><t>a</t></si>" * 5_000_000),
}
MEASURE = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from portal.foundation.spreadsheets import Limits, SpreadsheetError, read_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = open(sys.argv[1], "rb").read()
try:
    list(read_table(content, limits=Limits(bytes=5 * 1024**2, rows=5_000)))
except SpreadsheetError:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss - before, used.ru_utime)
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_that_unfolds_to_millions_is_refused_before_it_is_read(bomb, tmp_path):
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[bomb]())
    assert path.stat().st_size < 1024**2

    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=False
    )

    assert answer.stdout, answer.stderr
    kibibytes, processor_seconds = answer.stdout.split()
    assert int(kibibytes) < 150 * 1024
    # A whole reading takes more than a minute of the processor, however busy the machine is.
    assert float(processor_seconds) < 60


# --- Written by three libraries -------------------------------------------------------------------


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_openpyxl(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for line in book.active.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    return saved(book)


def by_xlsxwriter(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as b:
        sheet = b.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
    return buffer.getvalue()


def by_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


# Letters that XML can carry; what a program cannot store is not what a person has written.
LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(LETTERS | st.sampled_from("åäöÅÄÖ\n ;,\"'=+"), max_size=20)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(
    allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9
).map(lambda number: float(f"{number:.12g}"))
TABLES = st.lists(st.lists(TEXTS | NUMBERS, min_size=1, max_size=5), min_size=1, max_size=6)


def understood(value, *, typed):
    if isinstance(value, str):
        return tidy(value)
    return value if typed else str(value)


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter, by_csv])
@settings(max_examples=60)
@given(rows=TABLES)
def test_a_table_comes_back_the_same_or_is_refused_with_a_cell_named(write, rows):
    rows = [["Rubrik;", "Antal"], *rows]
    expected = []
    for row in rows:
        cells = [understood(value, typed=write is not by_csv) for value in row]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            expected.append(cells)

    found = []
    for row in read_table(write(rows), limits=LIMITS):
        cells = list(row.cells)
        while cells and cells[-1] == "":
            cells.pop()
        found.append(cells)

    assert len(found) == len(expected)
    for got, meant in zip(found, expected, strict=True):
        for value, original in zip(got, meant, strict=True):
            assert value == original or isinstance(value, BadCell)
