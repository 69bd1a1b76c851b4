"""Where words stand and what that is worth, as plain SQL: a question has hundreds of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, FloatField, Func
from django.db.models.sql.compiler import SQLCompiler

# (share, terms)
Ways = Sequence[tuple[float, Iterable[str]]]


class Has(Func):
    """Whether any of some texts stands in a column."""

    output_field = BooleanField()

    def __init__(self, column: str, texts: tuple[str, ...]) -> None:
        super().__init__(F(column))
        self.texts = texts

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, list]:
        column, params = compiler.compile(self.source_expressions[0])
        return _has(column, params, self.texts, connection)


class Worth(Func):
    """What it is worth that terms stand in a column: the first of the ways that is met."""

    output_field = FloatField()

    def __init__(self, column: str, weight: float, ways: Ways) -> None:
        super().__init__(F(column))
        self.ways = [(weight * share, spaced(terms)) for share, terms in ways]

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, list]:
        column, params = compiler.compile(self.source_expressions[0])
        found = [(score, *_has(column, params, each, connection)) for score, each in self.ways]
        cases = " ".join(f"WHEN {sql} THEN {score:.3f}" for score, sql, _params in found)
        values = [value for _score, _sql, each in found for value in each]
        return f"CASE {cases} ELSE 0.0 END", values


def spaced(terms: Iterable[str]) -> tuple[str, ...]:
    """Terms as they stand in a column, each once."""
    return tuple(dict.fromkeys(f" {term} " for term in terms))


def _has(
    column: str, params: Sequence, texts: Iterable[str], connection: BaseDatabaseWrapper
) -> tuple[str, list]:
    texts = list(texts)
    place = "strpos" if connection.vendor == "postgresql" else "instr"
    found = " OR ".join([f"{place}({column}, %s) > 0"] * len(texts))
    return f"({found})", [value for text in texts for value in (*params, text)]
