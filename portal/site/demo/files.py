"""Reading the demo's content."""

import csv
from pathlib import Path

from portal.site.starter.pages import read

FOLDER = Path(__file__).parent
MEDIA = FOLDER / "media"


def rows(path):
    """The rows of a CSV file under `portal/demo/`, as dicts."""
    with (FOLDER / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def toml(path):
    """What a TOML file under `portal/demo/content/` says."""
    return read(FOLDER / "content" / path)


def words(text):
    """The items of a cell like "one;two"; an empty cell has none."""
    return [item for item in text.split(";") if item]
