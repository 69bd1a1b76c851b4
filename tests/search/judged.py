"""The judged sets: what teachers ask, and how well an engine answers it.

`judgements.csv` asks for things by name, `intentions.csv` for something to do, a theme or a
property.

Each row is a question, and which listings and lesson ideas of the demo answer it best (3), well (2)
or somehow (1); titles are shortened to what makes them unmistakable. What is not named is worth
nothing, and what stands in the last column would be a mistake on the first page.
"""

import csv
import json
from dataclasses import dataclass
from math import log2
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page

from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import InspirationIndexPage
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from portal.site.demo.files import rows, toml, words
from search.engines.base import SearchQuery

GRADES = {"best": 3, "good": 2, "fair": 1}


@dataclass(frozen=True)
class Judgement:
    """`grades` is {title: 1–3}; `never` are titles that must not be among the first ten."""

    query: str
    grades: dict
    never: set


def judgements(name="judgements"):
    """The judged questions of `name`.csv."""
    listings = rows("content/listings.csv")
    titles = [row["title"] for row in listings]
    titles += [lesson["sv"]["title"] for lesson in toml("pages/lessons.toml")["lesson"]]

    def named(cell):
        """The titles that `cell` names by their beginning, or by their category (@slug)."""
        for start in filter(None, cell.split("|")):
            if start.startswith("@"):
                yield from (row["title"] for row in listings if row["category"] == start[1:])
            else:
                (title,) = [title for title in titles if title.startswith(start)]
                yield title

    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8") as file:
        return [
            Judgement(
                query=row["query"],
                grades={
                    title: GRADES[column]
                    for column in reversed(GRADES)
                    for title in named(row[column])
                },
                never=set(named(row["never"])),
            )
            for row in csv.DictReader(file)
        ]


def ndcg(found, grades, depth=10):
    """How close the order of `found` is to the best possible one, from 0 to 1."""
    worth = [2 ** grades.get(title, 0) - 1 for title in found[:depth]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:depth]
    return discounted(worth) / discounted(best)


def discounted(worth):
    return sum(value / log2(place + 2) for place, value in enumerate(worth))


def recall(found, grades, depth=24):
    """The part of what answers well that is on the first page."""
    relevant = {title for title, grade in grades.items() if grade >= 2}
    return len(relevant & set(found[:depth])) / len(relevant)


@dataclass(frozen=True)
class Quality:
    """Means over all questions, and what went wrong with which.

    nDCG and recall are of what the page shows from the top: the answers, then what is of the same
    kind. `mistakes` stood among the first five answers; for `nothing` there was neither.
    """

    ndcg: float
    recall: float
    by_query: dict
    mistakes: dict
    nothing: list

    @property
    def share_of_mistakes(self):
        return len(self.mistakes) / len(self.by_query)

    @property
    def share_of_nothing(self):
        return len(self.nothing) / len(self.by_query)


def measure(ask, name="judgements"):
    """The quality of `ask`, a function from a `SearchQuery` to (titles found, titles related)."""
    ndcgs, recalls, mistakes, nothing = {}, [], {}, []
    for judgement in judgements(name):
        answers, related = ask(SearchQuery(text=judgement.query, language="sv"))
        shown = answers + related
        ndcgs[judgement.query] = ndcg(shown, judgement.grades)
        recalls.append(recall(shown, judgement.grades))
        if wrong := judgement.never & set(answers[:5]):
            mistakes[judgement.query] = wrong
        if not shown:
            nothing.append(judgement.query)
    return Quality(
        ndcg=sum(ndcgs.values()) / len(ndcgs),
        recall=sum(recalls) / len(recalls),
        by_query=ndcgs,
        mistakes=mistakes,
        nothing=nothing,
    )


def load_corpus():
    """Everything that is judged, published: the demo's listings and lesson ideas in Swedish."""
    call_command("load_reference_data", verbosity=0)
    categories = {each.slug: each for each in MaterialCategory.objects.source()}
    load_listings(categories)
    load_lessons(categories)


def load_listings(categories):
    municipality = Municipality.objects.get(slug="helsingborg")
    now = timezone.now()
    for row in rows("content/listings.csv"):
        organisation, _created = Organisation.objects.get_or_create(
            name=row["organisation"],
            defaults={
                "type": Organisation.Type.COMPANY,
                "municipality": municipality,
                "approval": Organisation.Approval.APPROVED,
            },
        )
        listing = MaterialListing(
            organisation=organisation,
            title=row["title"],
            description=row["description"],
            category=categories[row["category"]],
            condition=row["condition"],
            colours=row["colours"],
            dimensions=row["dimensions"],
            live=True,
            first_published_at=now,
        )
        listing.tags.add(*words(row["tags"]))
        listing.save()
        Stock.objects.create(listing=listing, unit=row["unit"], kg_per_unit=1, offered=1)


def load_lessons(categories):
    swedish = Locale.objects.get(language_code="sv")
    index = InspirationIndexPage(title="Lektionsidéer", slug="lektionsideer", locale=swedish)
    Page.objects.get(depth=1).add_child(instance=index)
    for row in toml("pages/lessons.toml")["lesson"]:
        page = LessonIdeaPage(
            title=row["sv"]["title"],
            summary=row["sv"]["summary"],
            locale=swedish,
            age_groups=row["age_groups"],
            subjects=row["subjects"],
            steps=json.dumps(
                [
                    {"type": "step", "value": {"title": title, "text": text}}
                    for title, text in row["sv"]["steps"]
                ]
            ),
        )
        page.materials = [
            LessonMaterial(category=categories[slug]) for slug, *_amount in row["materials"]
        ]
        index.add_child(instance=page)
        page.tags.add(*row["tags"])
        page.save()
