"""What receivers report that they bought in a term, by form or by spreadsheet."""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from marketplace.figures.purchases import TERMS
from marketplace.models import MaterialCategory, PurchaseReport
from marketplace.services.stock import GRAM, ORE, rounded
from marketplace.spreadsheets import SpreadsheetError, cell_problem, read_rows

MOST_ROWS = 500
MOST_BYTES = 2 * 1024 * 1024
MOST = Decimal(1_000_000)


@dataclass(frozen=True)
class Purchase:
    """One row of a report: kilograms, kronor or both."""

    category: MaterialCategory
    mass_kg: Decimal | None = None
    cost_sek: Decimal | None = None


def report_purchases(*, organisation, year, term, purchases, by, keep=False):
    """Make `purchases` the organisation's report of a term; with `keep`, only add and change rows.

    What is missing of kilograms and kronor is computed from the category's price per kilogram and
    marked as estimated: kg = SEK ÷ price, SEK = kg × price, rounded half up to grams and öre.
    """
    day = min(TERMS[term](year).end, timezone.localdate())
    with transaction.atomic():
        earlier = PurchaseReport.objects.of_organisation(organisation).of_term(year, term)
        if not keep:
            earlier.exclude(category__in=[each.category for each in purchases]).delete()
        for purchase in purchases:
            said = _complete(purchase, day) | {"reported_by": by, "reported_at": timezone.now()}
            PurchaseReport.objects.update_or_create(
                organisation=organisation,
                year=year,
                term=term,
                category=purchase.category,
                defaults=said,
                create_defaults=said | {"municipality": organisation.municipality},
            )


def _complete(purchase, day: date):
    mass, cost = purchase.mass_kg, purchase.cost_sek
    if mass is None or cost is None:
        factor = purchase.category.factor_on(day)
        price = factor.sek_per_kg if factor else Decimal(0)
        if mass is None:
            mass_kg, cost_sek = (cost / price if price else Decimal(0)), cost
        else:
            mass_kg, cost_sek = mass, mass * price
    else:
        mass_kg, cost_sek = mass, cost
    return {
        "mass_kg": rounded(mass_kg, GRAM),
        "cost_sek": rounded(cost_sek, ORE),
        "mass_estimated": mass is None,
        "cost_estimated": cost is None,
    }


# --- Spreadsheets -----------------------------------------------------------------------------


def columns():
    return [_("Material"), _("Kilograms"), _("SEK")]


def template(names):
    """An empty report as the bytes of an XLSX file, with a row for each of `names`."""
    book = Workbook()
    sheet = book.active
    sheet.append(columns())
    for name in names:
        sheet.append([name])
    sheet.column_dimensions["A"].width = 40
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_spreadsheet(file):
    """The `Purchase`s of an uploaded CSV or XLSX file, or `SpreadsheetError`: all or nothing.

    A material is named as in the portal, in either language. Rows without amounts are left out.
    """
    rows = read_rows(file, most_rows=MOST_ROWS, most_bytes=MOST_BYTES, columns=3)
    if next(rows, None) is None:
        raise SpreadsheetError([_("The file is empty.")])
    known = categories_by_name()
    material, kilograms, sek = columns()
    purchases, problems = {}, []
    for number, cells in rows:
        if not any(cells[1:]):
            continue
        category = known.get(cells[0].casefold())
        if category is None:
            problems.append(cell_problem(number, material, _("there is no such material here")))
        elif category.pk in purchases:
            problems.append(cell_problem(number, material, _("the material is there twice")))
        amounts = []
        for text, column in zip(cells[1:], (kilograms, sek), strict=True):
            try:
                amounts.append(_amount(text))
            except ValueError:
                problems.append(cell_problem(number, column, _("write a number, such as 12,5")))
        if category and len(amounts) == 2:
            purchases[category.pk] = Purchase(category, *amounts)
    if problems:
        raise SpreadsheetError(problems)
    if not purchases:
        raise SpreadsheetError([_("There are no amounts in the file.")])
    return list(purchases.values())


def _amount(text):
    if not text:
        return None
    try:
        value = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation as error:
        raise ValueError from error
    if not value.is_finite() or not 0 <= value <= MOST:
        raise ValueError
    return value


def categories_by_name():
    """{name in any language, or slug, in lower case: category in the main language}."""
    source = {each.translation_key: each for each in MaterialCategory.objects.source()}
    names = {}
    for category in MaterialCategory.objects.all():
        if own := source.get(category.translation_key):
            names[category.name.casefold()] = own
            names[category.slug] = own
    return names
