"""Where in an entry a word stands, as a condition of SQL."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler


class Has(Func):
    """Whether any of some texts stands in a column; plain SQL, since there are hundreds of them."""

    output_field = BooleanField()

    def __init__(self, column: str, texts: tuple[str, ...]) -> None:
        super().__init__(F(column))
        self.texts = texts

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, list]:
        column, params = compiler.compile(self.source_expressions[0])
        place = "strpos" if connection.vendor == "postgresql" else "instr"
        found = " OR ".join([f"{place}({column}, %s) > 0"] * len(self.texts))
        return f"({found})", [value for text in self.texts for value in (*params, text)]
