"""The schema of the version before this one, and how to write down that of today.

At each release: `python -m tests.portal.operation.released <revision>` into `released.json`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parents[3]
RECORDED = Path(__file__).with_name("released.json")
# The search index of the admin is made by each kind of database in its own way, and made again.
LEFT_OUT = "wagtailsearch_indexentry"


def recorded() -> dict[str, set[str]]:
    """{table: its columns} of the version before."""
    tables = json.loads(RECORDED.read_text())["tables"]
    return {table: set(columns.split()) for table, columns in tables.items()}


def revision() -> str:
    return json.loads(RECORDED.read_text())["revision"]


class Unavailable(Exception):
    """The history of the code, or what only the version before needs, is not here."""


def unpack(into: Path) -> dict[str, str]:
    """Put the code of the version before in the folder `into`, and beside it the packages that
    only it needs. Returns the settings that let Python find them; raises `Unavailable`."""
    code, packages = into / "code", into / "packages"
    code.mkdir(parents=True, exist_ok=True)
    archive = subprocess.run(["git", "archive", revision()], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise Unavailable("the history of the code is not here")
    subprocess.run(["tar", "x", "-C", code], input=archive.stdout, check=True)
    needed = _packages_of(code)
    if missing := needed.keys() - _packages_of(ROOT).keys():
        _install(sorted(f"{name}=={needed[name]}" for name in missing), packages)
    return {
        "PYTHONPATH": f"{code}{os.pathsep}{packages}",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "ELASTICSEARCH_URL": "",
        "MEDIA_ROOT": str(into / "media"),
    }


def _packages_of(code: Path) -> dict[str, str]:
    lock = (code / "requirements.lock").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M))


def _install(packages: list[str], target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target]
    done = subprocess.run([*pip, *packages], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Unavailable(f"{packages} cannot be fetched: {done.stderr[-300:]}")


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
