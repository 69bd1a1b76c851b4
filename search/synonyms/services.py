"""The rules in force: what editors keep as `Synonym`."""

from functools import lru_cache

from portal.foundation.caching import Stamp
from search.query import analysis
from search.synonyms.models import Synonym
from search.synonyms.rules import Table, parse

STAMP = Stamp("search:synonyms", seconds=30)


def initial_rules() -> list[str]:
    """The lines that a new portal starts with."""
    return [*analysis.lines("synonyms_sv.txt"), *analysis.lines("related_sv.txt")]


def table() -> Table:
    """The table in force. Kept in the process until a rule is saved or half a minute has passed."""
    return _load(STAMP.current())


@lru_cache(maxsize=1)
def _load(_stamp: str) -> Table:
    lines = list(Synonym.objects.filter(active=True).values_list("rule", flat=True))
    return _table(tuple(lines or initial_rules()))


@lru_cache(maxsize=2)
def _table(lines: tuple[str, ...]) -> Table:
    return Table(parse(line) for line in lines)


def connect() -> None:
    STAMP.follow(Synonym)
