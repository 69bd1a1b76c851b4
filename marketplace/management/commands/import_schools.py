"""Makes the schools and preschools of a file organisations to choose. Can be run again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from marketplace.municipalities.models import Municipality
from marketplace.organisations.school_units.reading import read_units
from marketplace.organisations.school_units.services import LEFT_OUT, carry_out, plan
from portal.foundation.spreadsheets.refusals import SpreadsheetError


class Command(BaseCommand):
    help = (
        "Import schools and preschools from a municipality's skoldata (CSV by lankadedata.se's "
        "specification), or from Skolverket's register (spreadsheet or JSON)."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--municipality", help="Code or slug: the one of units that the file gives none."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do.")

    def handle(self, *, file, municipality, dry_run, **options):
        default = None
        if municipality:
            named = Q(code=municipality) | Q(slug=municipality)
            default = Municipality.objects.filter(named).first()
            if default is None:
                raise CommandError(f"There is no municipality {municipality}.")
        try:
            units = read_units(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except SpreadsheetError as error:
            raise CommandError(str(error)) from error
        planned = plan(units, municipalities=Municipality.objects.all(), default=default)
        for each in planned:
            if each.change == LEFT_OUT:
                self.stdout.write(f"Row {each.unit.row}, {each.unit.name}: {each.why}")
            elif dry_run:
                self.stdout.write(f"Row {each.unit.row}, {each.unit.name}: {each.change}")
        if dry_run:
            return
        counted = carry_out(planned)
        self.stdout.write(", ".join(f"{number} {change}" for change, number in counted.items()))
