"""Schools and preschools as files list them: municipalities' skoldata, and Skolverket's register.

Municipalities publish a CSV file by the specification skoldata of lankadedata.se. The National
Agency for Education (Skolverket) gives out its register of school units as a spreadsheet, and as
JSON from version 2 of its API. All are lists with a heading; what a column is called differs.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from marketplace.organisations.models import Organisation
from marketplace.organisations.validators import (
    tidy_postcode,
    tidy_school_unit_code,
    validate_postcode,
    validate_school_unit_code,
)
from portal.foundation.spreadsheets.headings import ColumnSet, find_heading
from portal.foundation.spreadsheets.reading import read_table
from portal.foundation.spreadsheets.refusals import EncodingUnclear, SpreadsheetError
from portal.foundation.spreadsheets.table import Limits, Options, Row
from portal.foundation.spreadsheets.values import as_text
from portal.foundation.text_cleaning.cleaning import clean_text

LIMITS = Limits(bytes=10 * 1024 * 1024, rows=20_000)
# What each column is called in the files that we know of.
HEADINGS = {
    "code": "skolenhetskod schoolunitcode school_unit_code skolenhets-id enhetskod unitcode",
    "name": "name namn skolenhetsnamn schoolunitname skolnamn skola enhetsnamn displayname",
    "type": "type typ skolform skolformer skolformnamn schooltype school_type schooltypes "
    "schoolform enhetstyp",
    # In skoldata, the code of the municipality that publishes the file.
    "source": "source",
    "municipality": "kommun kommunkod kommunnamn lägeskommun municipality municipalitycode "
    "municipality_code municipalityname",
    "address": "street address adress besöksadress gatuadress visitaddress visit_street "
    "streetaddress street_address",
    "postcode": "postalcode postal_code postcode postnummer postnr zipcode",
    "town": "city ort postort town locality",
    "latitude": "latitude lat wgs84_lat",
    "longitude": "longitude lon long lng wgs84_long",
    "phone": "phone telefon telephone telefonnummer phonenumber",
    "email": "email e-mail e-post epost mail",
    "website": "url website web webb webbadress webbplats hemsida",
    "status": "status skolenhetsstatus",
}
COLUMNS = ColumnSet(
    labels={name: name for name in HEADINGS},
    known={heading: name for name, headings in HEADINGS.items() for heading in headings.split()},
    required=("name",),
)
# Skoldata calls what a school is known by "id": for most municipalities the number of Skolverket.
ID = "id"
VISITED = "BESOKSADRESS"
ENDED = (
    *("upphörd", "upphört", "upphord", "upphort", "vilande", "planerad"),
    *("ceased", "dormant", "planned", "inactive"),
)
SCHOOL_WORDS = ("grundskol", "gymnasi", "förskoleklass", "fritidshem", "anpassad", "sameskol")
PRESCHOOL_WORDS = ("förskola", "preschool", "kindergarten", "pedagogisk omsorg")


@dataclass(frozen=True)
class SchoolUnit:
    """A school or preschool of a file. `row` is its row there, empty text what it leaves out."""

    row: int
    name: str
    type: str
    code: str = ""
    municipality: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    latitude: str = ""
    longitude: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_units(content: bytes) -> list[SchoolUnit]:
    """The units of a file, without those that have ended.

    Raises `SpreadsheetError` with what is wrong with the file as a whole.
    """
    found = _json_rows(content) if content.lstrip()[:1] in (b"{", b"[") else _table_rows(content)
    units = [
        _unit(number, values)
        for number, values in found
        if values.get("name") and values.get("status", "").casefold() not in ENDED
    ]
    if not units:
        raise SpreadsheetError([_("There is no school or preschool in the file.")])
    return units


def _table_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        rows: Iterator[Row] = read_table(content, limits=LIMITS)
        heading, below = find_heading(rows, COLUMNS, {})
    except EncodingUnclear as unclear:
        # The likeliest; the preview shows what became of the letters.
        likeliest = Options(encoding=next(iter(unclear.samples)))
        rows = read_table(content, limits=LIMITS, options=likeliest)
        heading, below = find_heading(rows, COLUMNS, {})
    if heading.missing:
        raise SpreadsheetError([_("There is no column with names in the file.")])
    places = dict(heading.places)
    if "code" not in places and ID in [each.casefold() for each in heading.all_written]:
        again = ColumnSet(COLUMNS.labels, {**COLUMNS.known, ID: "code"}, COLUMNS.required)
        rows = read_table(content, limits=LIMITS)
        heading, below = find_heading(rows, again, {})
        places = dict(heading.places)
    for row in below:
        yield row.number, {name: _text(as_text(row[place])) for name, place in places.items()}


def _json_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of an answer of Skolverket's API: a list of objects, somewhere inside."""
    try:
        rows = _list_in(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise SpreadsheetError([_("The file is not JSON that can be read.")]) from error
    for number, row in enumerate(rows, start=1):
        named = {COLUMNS.known.get(str(key).casefold()): value for key, value in _flat(row).items()}
        yield (
            number,
            {
                name: _text(str(value))
                for name, value in named.items()
                if name and value is not None
            },
        )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what the API keeps deeper in it: its attributes, and the address to visit."""
    for inner in ("data", "attributes"):
        if isinstance(row.get(inner), dict):
            row = {**row, **row[inner]}
    addresses = row.get("addresses")
    for address in addresses if isinstance(addresses, list) else []:
        if isinstance(address, dict) and address.get("type") == VISITED:
            place = address.get("geoCoordinates")
            row = {**address, **(place if isinstance(place, dict) else {}), **row}
    return row


def _list_in(data: Any) -> list[dict]:
    if isinstance(data, list):
        return [each for each in data if isinstance(each, dict)]
    if isinstance(data, dict):
        for value in data.values():
            if isinstance(value, list | dict) and (found := _list_in(value)):
                return found
    return []


def _text(value: str) -> str:
    return " ".join(clean_text(value).split())


def _unit(number: int, values: dict[str, str]) -> SchoolUnit:
    code = tidy_school_unit_code(values.get("code", ""))
    postcode = tidy_postcode(values.get("postcode", ""))
    return SchoolUnit(
        row=number,
        name=values["name"][:120],
        type=_type(values),
        code=code if _accepted(validate_school_unit_code, code) else "",
        municipality=values.get("municipality") or _code_of_source(values.get("source", "")),
        address=values.get("address", "")[:160],
        postcode=postcode if _accepted(validate_postcode, postcode) else "",
        town=values.get("town", "")[:60],
        latitude=_degrees(values.get("latitude", ""), 90),
        longitude=_degrees(values.get("longitude", ""), 180),
        phone=values.get("phone", "")[:30],
        email=values.get("email", "")[:254],
        website=_website(values.get("website", "")),
    )


def _type(values: dict[str, str]) -> str:
    """A unit with both is a school: it is what more people there are."""
    for text in (values.get("type", ""), values["name"]):
        folded = text.casefold()
        if any(word in folded for word in SCHOOL_WORDS):
            return Organisation.Type.SCHOOL
        if any(word in folded for word in PRESCHOOL_WORDS):
            return Organisation.Type.PRESCHOOL
    return Organisation.Type.SCHOOL


def _code_of_source(source: str) -> str:
    """The municipality's code, whose zero a spreadsheet may have lost; "" for anything else."""
    return source.zfill(4) if source.isdecimal() and len(source) in (3, 4) else ""


def _accepted(validate: Callable[[str], None], value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


def _degrees(text: str, most: int) -> str:
    """Degrees with five decimals, or "" for what is none."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return ""
    known = value.is_finite() and value != 0 and abs(value) <= most
    return str(value.quantize(Decimal("0.00001"))) if known else ""


def _website(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        text = f"https://{text}"
    return text if "." in text and " " not in text and len(text) <= 200 else ""
