"""Makes every school and preschool of a file an organisation to choose, once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.municipalities.models import Municipality
from marketplace.organisations.lookup import is_called
from marketplace.organisations.models import Organisation
from marketplace.organisations.school_units.reading import SchoolUnit
from portal.foundation.text_types import StrOrPromise

NEW, CHANGED, SAME, LEFT_OUT = "new", "changed", "same", "left_out"
# {field of the organisation: field of the unit}.
FIELDS = {
    "school_unit_code": "code",
    "address": "address",
    "postcode": "postcode",
    "town": "town",
    "latitude": "latitude",
    "longitude": "longitude",
    "website": "website",
    "contact_email": "email",
    "contact_phone": "phone",
}
# What is the register's to say of a place where nobody has an account yet.
OF_UNCLAIMED = ("name", "type")


@dataclass(frozen=True)
class Planned:
    """What becomes of a unit of the file: the change, and what differs, or why it is left out."""

    unit: SchoolUnit
    change: str
    municipality: Municipality | None = None
    organisation: Organisation | None = None
    values: dict[str, str] = field(default_factory=dict)
    why: StrOrPromise = ""


def plan(
    units: Iterable[SchoolUnit],
    *,
    municipalities: Iterable[Municipality],
    default: Municipality | None = None,
) -> list[Planned]:
    """What importing `units` would do. Nothing is changed.

    Only those in `municipalities` are taken; `default` is the one of units that name none.
    """
    by_word: dict[str, Municipality] = {}
    for municipality in municipalities:
        words = (municipality.code, municipality.name, f"{municipality.name}s kommun")
        by_word |= {word.casefold(): municipality for word in words}
    planned, taken = [], set()
    for unit in units:
        where = by_word.get(unit.municipality.casefold()) if unit.municipality else default
        each = _planned(unit, where)
        key = each.organisation.pk if each.organisation else (unit.code, unit.name, unit.type)
        if each.change != LEFT_OUT and (where, key) in taken:
            each = Planned(unit, LEFT_OUT, where, why=_("It is in the file more than once."))
        taken.add((where, key))
        planned.append(each)
    return planned


def _planned(unit: SchoolUnit, where: Municipality | None) -> Planned:
    if where is None:
        why = (
            _("%(municipality)s does not take part, or is not yours.")
            % {"municipality": unit.municipality}
            if unit.municipality
            else _("The file does not say in which municipality it is. Choose one.")
        )
        return Planned(unit, LEFT_OUT, why=why)
    organisation = _same(unit, where)
    if organisation is None:
        values = {name: getattr(unit, said) for name, said in FIELDS.items()}
        return Planned(unit, NEW, where, values=values)
    if organisation.municipality_id != where.pk:
        # Somebody who looks after one municipality changes nothing in another.
        why = _("Its code belongs to a school in another municipality here.")
        return Planned(unit, LEFT_OUT, where, organisation, why=why)
    if organisation.approval == Organisation.Approval.REJECTED:
        return Planned(unit, LEFT_OUT, where, organisation, why=_("It was not approved."))
    if organisation.merged_into_id:
        return Planned(unit, SAME, where, organisation)
    values = _differences(unit, organisation)
    return Planned(unit, CHANGED if values else SAME, where, organisation, values)


def _same(unit: SchoolUnit, where: Municipality) -> Organisation | None:
    """The organisation that `unit` is, if it is here: by its code, or else by its name there."""
    found = Organisation.objects.annotate(people=Count("memberships"))
    if unit.code:
        known = found.filter(school_unit_code=unit.code).first()
        if known:
            return known
    named = found.municipal().filter(is_called(unit.name), municipality=where)
    if unit.code:
        # One with another code is another one.
        named = named.filter(school_unit_code="")
    return named.order_by("approval", "pk").first()


def _differences(unit: SchoolUnit, organisation: Organisation) -> dict[str, str]:
    """What the file knows and the organisation does not.

    Once somebody has an account there, what they have written stays.
    """
    claimed = organisation.people > 0
    found = {}
    for name, said in FIELDS.items():
        new, old = getattr(unit, said), getattr(organisation, name)
        if new and not _equal(new, old) and not (old and claimed):
            found[name] = new
    if not claimed:
        for name in OF_UNCLAIMED:
            if getattr(unit, name) != getattr(organisation, name):
                found[name] = getattr(unit, name)
    return found


def _equal(new: str, old: object) -> bool:
    return Decimal(new) == old if isinstance(old, Decimal) else new == old


@transaction.atomic
def carry_out(planned: Iterable[Planned]) -> Counter:
    """Do what was planned; returns how many of each change. New ones are approved.

    They are the municipality's own: who has an address of its domain comes in at once, all others
    wait to be let in.
    """
    counted: Counter = Counter()
    for each in planned:
        counted[each.change] += 1
        if each.change == NEW and each.municipality:
            Organisation.objects.create(
                name=each.unit.name,
                type=each.unit.type,
                municipality=each.municipality,
                approval=Organisation.Approval.APPROVED,
                approved_at=timezone.now(),
                **_columns(each.values),
            )
        elif each.change == CHANGED and each.organisation:
            Organisation.objects.filter(pk=each.organisation.pk).update(**_columns(each.values))
    return counted


def _columns(values: dict[str, str]) -> dict[str, object]:
    """`values` as the database has them: no position is None."""
    return {
        name: (Decimal(value) if value else None) if name in ("latitude", "longitude") else value
        for name, value in values.items()
    }
