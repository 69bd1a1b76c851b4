"""A list of schools that staff send: kept, read in the background, shown, then imported."""

from datetime import datetime
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_tasks import task
from django_tasks.base import Task

from marketplace.municipalities.models import Municipality
from marketplace.organisations.permissions import municipalities_to_import
from marketplace.organisations.school_units.models import SchoolImport
from marketplace.organisations.school_units.reading import LIMITS, SchoolUnit, read_units
from marketplace.organisations.school_units.services import (
    CHANGED,
    LEFT_OUT,
    NEW,
    SAME,
    Planned,
    carry_out,
    plan,
)
from marketplace.review.errors import ExchangeError
from marketplace.spreadsheets.services import keep_file, read_file, take_up_lost
from portal.foundation.users.models import User

# Those that somebody has to look at come first.
ORDER = (LEFT_OUT, NEW, CHANGED, SAME)
State = SchoolImport.State


class CannotImportSchools(ExchangeError):
    message = _("This file has been imported already, or changes nothing.")


def receive_schools(
    *, file: UploadedFile, municipality: Municipality | None, by: User, language: str
) -> SchoolImport:
    """Keep an uploaded file and read it in the background. Raises `SpreadsheetError`."""
    return keep_file(
        SchoolImport,
        file=file,
        limits=LIMITS,
        read=read_schools,
        created_by=by,
        municipality=municipality,
        language=language,
    )


@task()
def read_schools(pk: int) -> None:
    """Read a file and plan what it would do."""
    read_file(SchoolImport, pk, _read)


def _read(school_import: SchoolImport) -> None:
    # What is planned holds all that the import needs.
    content, school_import.content = bytes(school_import.content or b""), None
    planned = plan(
        read_units(content),
        municipalities=municipalities_to_import(school_import.created_by),
        default=school_import.municipality,
    )
    planned.sort(key=lambda each: ORDER.index(each.change))
    school_import.rows = [_row(each) for each in planned]
    school_import.counted = _counted(planned)


def _row(planned: Planned) -> dict:
    """What the preview shows of a row, and what is needed to plan it once more."""
    unit, where = planned.unit, planned.municipality
    differs = "; ".join(planned.values.values()) if planned.change == CHANGED else ""
    return {
        "change": planned.change,
        "municipality": str(where) if where else unit.municipality,
        "unit": {**unit.as_dict(), "municipality": where.code if where else ""},
        "remark": str(planned.why) or differs,
    }


def _counted(planned: list[Planned]) -> dict[str, int]:
    changes = [each.change for each in planned]
    return {change: changes.count(change) for change in ORDER}


@transaction.atomic
def confirm_schools(school_import: SchoolImport) -> SchoolImport:
    """Import what the preview shows, in the background. Raises `CannotImportSchools`."""
    school_import = SchoolImport.objects.select_for_update().get(pk=school_import.pk)
    if not school_import.can_be_confirmed:
        raise CannotImportSchools
    school_import.state, school_import.touched_at = State.IMPORTING, timezone.now()
    school_import.save(update_fields=["state", "touched_at"])
    transaction.on_commit(partial(import_units.enqueue, school_import.pk))
    return school_import


@task()
@transaction.atomic
def import_units(pk: int) -> None:
    """Make and change the organisations of a confirmed import, all or none. Runs once."""
    found: QuerySet[SchoolImport] = SchoolImport.objects.select_for_update(of=("self",))
    school_import = found.select_related("created_by").filter(pk=pk, state=State.IMPORTING).first()
    if school_import is None:
        return
    # Planned once more: somebody may have changed something since the preview, roles included.
    shown = [row["unit"] for row in school_import.rows if row["change"] in (NEW, CHANGED)]
    with override(school_import.language):
        counted = carry_out(
            plan(
                [SchoolUnit(**unit) for unit in shown],
                municipalities=municipalities_to_import(school_import.created_by),
            )
        )
    school_import.counted = dict(counted)
    school_import.state, school_import.touched_at = State.DONE, timezone.now()
    school_import.save()


JOBS: dict[str, Task] = {State.READING: read_schools, State.IMPORTING: import_units}


def requeue_stalled_school_imports(now: datetime | None = None) -> int:
    """Take up imports whose job was lost. Returns how many."""
    return take_up_lost(SchoolImport, JOBS, now)
