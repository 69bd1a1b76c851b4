"""The schema of the version before this one, and how to write down that of today.

At each release: `python -m tests.portal.operation.released <revision>` into `released.json`.
"""

import json
import sys
from pathlib import Path

import django

RECORDED = Path(__file__).with_name("released.json")
# The search index of the admin is made by each kind of database in its own way, and made again.
LEFT_OUT = "wagtailsearch_indexentry"


def recorded() -> dict[str, set[str]]:
    """{table: its columns} of the version before."""
    tables = json.loads(RECORDED.read_text())["tables"]
    return {table: set(columns.split()) for table, columns in tables.items()}


def revision() -> str:
    return json.loads(RECORDED.read_text())["revision"]


def tables_of_today() -> dict[str, str]:
    from django.apps import apps

    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            columns = {field.column for field in model._meta.local_concrete_fields}
            found.setdefault(model._meta.db_table, set()).update(columns)
    return {
        table: " ".join(sorted(columns))
        for table, columns in sorted(found.items())
        if not table.startswith(LEFT_OUT)
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"revision": sys.argv[1], "tables": tables_of_today()}, indent=2))
