"""Reporting and correcting the purchases of a term."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from marketplace.impact.figures.purchases import TERMS
from marketplace.impact.purchases.models import PurchaseCorrection, PurchaseReport
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import GRAM, ORE, rounded
from marketplace.organisations.models import Organisation
from portal.foundation.audit.services import EventType, record
from portal.foundation.users.models import User


@dataclass(frozen=True)
class Purchase:
    """A row of a report: kilograms, kronor or both."""

    category: MaterialCategory
    mass_kg: Decimal | None = None
    cost_sek: Decimal | None = None


def report_purchases(
    *,
    organisation: Organisation,
    year: int,
    term: str,
    purchases: Iterable[Purchase],
    by: User | None,
    keep: bool = False,
) -> None:
    """Make `purchases` the organisation's report of a term; with `keep`, only add and change rows.

    Missing kilograms or kronor are estimated from the category's price per kilogram (kg = SEK ÷
    price, SEK = kg × price), rounded half up to grams and öre, and marked as estimated.
    """
    day = min(TERMS[PurchaseReport.Term(term)](year).end, timezone.localdate())
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


@transaction.atomic
def correct_purchase(
    *,
    report: PurchaseReport,
    by: User,
    reason: str,
    mass_kg: Decimal | None,
    cost_sek: Decimal | None,
) -> PurchaseCorrection:
    """Set `mass_kg` and `cost_sek` of `report`, keeping the old values, the author and the reason.

    If one is None, it is estimated as in a report; if both are, nothing was bought. The row stays
    even then, so that the correction is visible and can itself be corrected.
    """
    report = PurchaseReport.objects.select_for_update().get(pk=report.pk)
    if mass_kg is None and cost_sek is None:
        mass_kg = cost_sek = Decimal(0)
    day = min(TERMS[PurchaseReport.Term(report.term)](report.year).end, timezone.localdate())
    said = _complete(Purchase(report.category, mass_kg, cost_sek), day)
    correction = PurchaseCorrection.objects.create(
        report=report,
        organisation=report.organisation,
        year=report.year,
        term=report.term,
        category=report.category,
        mass_kg_before=report.mass_kg,
        cost_sek_before=report.cost_sek,
        mass_kg=said["mass_kg"],
        cost_sek=said["cost_sek"],
        reason=reason[:300],
        corrected_by=by,
    )
    for name, value in said.items():
        setattr(report, name, value)
    report.save(update_fields=[*said])
    record(EventType.CORRECTED, actor=by, organisation=report.organisation, target=report)
    return correction


def _complete(purchase: Purchase, day: date) -> dict[str, Any]:
    mass, cost = purchase.mass_kg, purchase.cost_sek
    if mass is None or cost is None:
        factor = purchase.category.factor_on(day)
        price = factor.sek_per_kg if factor else Decimal(0)
        if mass is None:
            cost_sek = cost or Decimal(0)
            mass_kg = cost_sek / price if price else Decimal(0)
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


def template(names: Iterable[str]) -> bytes:
    """Return an empty report as an XLSX file, with a row for each of `names`."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.append([_("Material"), _("Kilograms"), _("SEK")])
    for name in names:
        sheet.append([name])
    sheet.column_dimensions["A"].width = 40
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
