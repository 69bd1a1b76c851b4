"""The intentions that a new portal begins with: `search/data/intentions_sv.csv`."""

import csv

from search.intentions.models import split
from search.query import analysis


def initial_intentions() -> list[dict]:
    """The values of the fields of each."""
    with (analysis.DATA / "intentions_sv.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "type": row["type"],
                "phrases": row["phrases"],
                "best_categories": split(row["best"]),
                "categories": split(row["also"]),
                "properties": row["properties"].split(),
                "words": row["words"],
                "age_groups": split(row["ages"]),
                "subjects": split(row["subjects"]),
            }
            for row in csv.DictReader(file, delimiter="|")
        ]
