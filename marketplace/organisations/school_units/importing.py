"""A list of schools that staff send: kept, read in the background, shown, then imported."""

from datetime import datetime, timedelta
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
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.spreadsheets.refusals import SpreadsheetError
from portal.foundation.spreadsheets.table import too_large
from portal.foundation.users.models import User

STUCK_AFTER = timedelta(minutes=15)
# Those that somebody has to look at come first.
ORDER = (LEFT_OUT, NEW, CHANGED, SAME)
State = SchoolImport.State


class CannotImportSchools(ExchangeError):
    message = _("This file has been imported already, or changes nothing.")


def receive_schools(
    *, file: UploadedFile, municipality: Municipality | None, by: User, language: str
) -> SchoolImport:
    """Keep an uploaded file and read it in the background. Raises `SpreadsheetError`."""
    if (file.size or 0) > LIMITS.bytes:
        raise too_large(LIMITS)
    kept = SchoolImport.objects.create(
        created_by=by,
        municipality=municipality,
        language=language,
        file_name=str(file.name)[:120],
        content=file.read(),
    )
    transaction.on_commit(partial(read_schools.enqueue, kept.pk))
    return kept


@task()
def read_schools(pk: int) -> None:
    """Read a file and plan what it would do. Runs once: what has been read is left alone."""
    school_import = SchoolImport.objects.filter(pk=pk, state=State.READING).first()
    if school_import is None:
        return
    with override(school_import.language):
        try:
            units = read_units(bytes(school_import.content or b""))
        except SpreadsheetError as error:
            school_import.state, school_import.failure = State.FAILED, " ".join(error.problems)
        else:
            planned = plan(
                units,
                municipalities=municipalities_to_import(school_import.created_by),
                default=school_import.municipality,
            )
            planned.sort(key=lambda each: ORDER.index(each.change))
            school_import.rows = [_row(each) for each in planned]
            school_import.counted = _counted(planned)
            school_import.state = State.READ
    school_import.content = None
    school_import.touched_at = timezone.now()
    school_import.save()


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
    lost = SchoolImport.objects.filter(
        state__in=SchoolImport.WORKING, touched_at__lt=(now or timezone.now()) - STUCK_AFTER
    )
    return for_each_row(list(lost.values_list("pk", "state")), _take_up)


def _take_up(found: tuple[int, str]) -> bool:
    pk, state = found
    JOBS[state].call(pk)
    return True
