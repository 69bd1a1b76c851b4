"""Builds `search/data/translations_sv.txt`: words for material in other languages, in Swedish."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.management.commands.load_reference_data import rows
from search.intentions.initial import initial_intentions
from search.query import analysis
from search.query.lexicon import TRANSLATION
from search.synonyms.services import initial_rules

LANGUAGES = ("deu", "fin", "fra", "pol", "rus", "spa", "tur")
SENSE = re.compile(r"(?:\d+\. )?(.+)")
ONE_WORD = re.compile(r"[^\W\d_]{3,}\Z")


class Command(BaseCommand):
    help = (
        "Build the words for material in other languages from Debian's packages "
        "dict-freedict-swe-* (only words that search has a use for)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path("/usr/share/dictd"))

    def handle(self, folder: Path, **options: Any) -> None:
        wanted = useful_words()
        found: dict[str, str] = {}
        for language in LANGUAGES:
            path = folder / f"freedict-swe-{language}.dict.dz"
            if not path.exists():
                raise CommandError(f"{path} is missing: install dict-freedict-swe-{language}.")
            for swedish, foreign in entries(gzip.decompress(path.read_bytes()).decode()):
                if swedish in wanted and not analysis.known(foreign):
                    found.setdefault(foreign, swedish)
        lines = sorted(f"{TRANSLATION}{word}\t{sv}".encode() for word, sv in found.items())
        (analysis.DATA / "translations_sv.txt").write_bytes(b"\n".join(lines) + b"\n")
        self.stdout.write(f"{len(found)} words of {len(LANGUAGES)} languages.")


def useful_words() -> set[str]:
    """The Swedish words that name material, and what people do with it."""
    texts = [*initial_rules(), *analysis.compound_words()]
    texts += [row["name_sv"] for row in rows("material_categories.csv")]
    texts += [f"{row['phrases']} {row['words']}" for row in initial_intentions()]
    return {word for text in texts for word in analysis.words(text)}


def entries(text: str) -> Iterator[tuple[str, str]]:
    """(Swedish word, word in the other language) of each sense in a dictionary of dictd."""
    swedish = ""
    for line in text.splitlines():
        if re.search(r" <\w.*>$", line):
            swedish = line.split(" /")[0].split(" <")[0].casefold()
            fresh = True
        elif swedish and (fresh or line[:1].isdigit()):
            fresh = False
            sense = SENSE.match(line)
            for foreign in sense.group(1).split(", ") if sense else ():
                if ONE_WORD.match(foreign := foreign.strip().casefold()):
                    yield swedish, foreign
