"""Schools and preschools as files list them: municipalities' skoldata, and Skolverket's register.

Municipalities publish a CSV file by the specification skoldata of lankadedata.se. The National
Agency for Education (Skolverket) gives out its register of school units as a spreadsheet with a
sheet for each type of school, and as JSON from its API (version 2, and 1 until 2025). All are lists
with a heading; what a column is called differs.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
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
from portal.foundation.spreadsheets.table import Limits, Options
from portal.foundation.spreadsheets.values import as_text
from portal.foundation.text_cleaning.cleaning import clean_text

# The whole country's register is 5 MB, 10,000 rows and 500,000 cells in nine sheets.
LIMITS = Limits(bytes=10 * 1024 * 1024, rows=20_000, cells=1_000_000)
# What each column is called in the files that we know of. Where a file has several, the first here
# counts: Skolverket's spreadsheet has one address for letters and one to visit.
HEADINGS = {
    # Skoldata calls it "id": for most municipalities it is the number of Skolverket.
    "code": "skolenhetskod schoolunitcode school_unit_code skolenhets-id enhetskod unitcode id",
    "name": "name namn skolenhetsnamn schoolunitname displayname schoolname skolanamn skolnamn "
    "skola enhetsnamn",
    "type": "skolform skolformer skolformnamn schooltype school_type schooltypes schoolform "
    "enhetstyp type typ",
    # In skoldata, the code of the municipality that publishes the file.
    "source": "source",
    "municipality": "kommunkod municipalitycode municipality_code kommun kommunnamn lägeskommun "
    "municipality municipalityname",
    "address": "besöksadress visitaddress visit_street street streetaddress street_address "
    "gatuadress address adress",
    "postcode": "besökspostnr besökspostnummer postalcode postal_code postcode postnummer postnr "
    "zipcode",
    "town": "besökspostort city ort postort town locality",
    "latitude": "latitude lat wgs84_lat koordinat_wgs84_lat",
    "longitude": "longitude lon long lng wgs84_long koordinat_wgs84_lng",
    "phone": "phone telefon telephone telefonnummer phonenumber telenr",
    "email": "email e-mail e-post epost mail",
    "website": "url website web webb webbadress webbplats hemsida",
    "status": "status skolenhetsstatus",
}
COLUMNS = ColumnSet(
    labels={name: name for name in HEADINGS},
    known={heading: name for name, headings in HEADINGS.items() for heading in headings.split()},
    required=("name",),
    several=True,
)
# A further sheet lists schools if it has those of these that the first one has: another one lists
# who runs them.
KNOWN_BY = frozenset({"code", "name", "municipality"})
VISITED = "BESOKSADRESS"
ENDED = (
    *("upphörd", "upphört", "upphord", "upphort", "vilande", "planerad"),
    *("ceased", "dormant", "planned", "inactive"),
)
SCHOOL_WORDS = ("grundskol", "gymnasi", "förskoleklass", "fritidshem", "anpassad", "sameskol")
PRESCHOOL_WORDS = ("förskola", "preschool", "kindergarten", "pedagogisk omsorg")
# “Kustens förskola och skola”.
BOTH = re.compile(r"\bskola\b")


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
        rows = list(read_table(content, limits=LIMITS, every_sheet=True))
    except EncodingUnclear as unclear:
        # The likeliest; the preview shows what became of the letters.
        likeliest = Options(encoding=next(iter(unclear.samples)))
        rows = list(read_table(content, limits=LIMITS, options=likeliest, every_sheet=True))
    wanted: frozenset[str] = frozenset()
    earlier: set[str] = set()
    columns: list[str] = []
    for _sheet, found in groupby(rows, key=lambda row: row.sheet):
        heading, below = find_heading(found, COLUMNS, {})
        places = heading.places
        columns += heading.all_written
        wanted = wanted or (KNOWN_BY & places.keys() if not heading.missing else frozenset())
        if heading.missing or not wanted <= places.keys():
            continue
        here = [
            (row.number, {name: _text(as_text(row[place])) for name, place in places.items()})
            for row in below
        ]
        # A school with pupils of several types is in several sheets.
        yield from (each for each in here if each[1].get("code") not in earlier)
        earlier |= {code for _number, values in here if (code := values.get("code", ""))}
    if not wanted:
        raise SpreadsheetError(
            [
                _(
                    "There is no column with names in the file. Its columns are: %(columns)s. "
                    "Call the one with the names “name” and send the file again."
                )
                % {"columns": ", ".join(columns[:20])}
            ]
        )


def _json_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of an answer of Skolverket's API: a list of objects, somewhere inside."""
    try:
        rows = _list_in(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise SpreadsheetError([_("The file is not JSON that can be read.")]) from error
    for number, row in enumerate(rows, start=1):
        said = {key.casefold(): value for key, value in _flat(row).items() if value is not None}
        yield (
            number,
            {
                name: _text(str(said[heading]))
                for heading, name in reversed(list(COLUMNS.known.items()))
                if heading in said
            },
        )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what the API keeps deeper in it: its attributes, and the address to visit."""
    for inner in ("data", "attributes", "SkolenhetInfo"):
        row = {**row, **_object(row.get(inner))}
    for address in _visited(row):
        place = _object(address.get("geoCoordinates")) or _object(address.get("GeoData"))
        row = {**address, **place, **row}
    if municipality := _object(row.get("Kommun")):
        row["Kommun"] = municipality.get("Kommunkod")
    return row


def _visited(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The addresses to visit: one of several in version 2 of the API, one by its name in 1."""
    addresses = row.get("addresses")
    for address in addresses if isinstance(addresses, list) else []:
        if _object(address).get("type") == VISITED:
            yield address
    if address := _object(row.get("Besoksadress")):
        yield address


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list_in(data: Any) -> list[dict]:
    if isinstance(data, list):
        return [each for each in data if isinstance(each, dict)]
    if isinstance(data, dict):
        if any(COLUMNS.known.get(key.casefold()) == "name" for key in _flat(data)):
            # What the API says of one school.
            return [data]
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
        if any(word in folded for word in SCHOOL_WORDS) or BOTH.search(folded):
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
