"""The judged set: what teachers ask (`judgements.csv`) and how well an engine answers it.

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

from inspiration.models import InspirationIndexPage, LessonIdeaPage, LessonMaterial
from marketplace.models import MaterialCategory, MaterialListing, Municipality, Organisation, Stock
from portal.demo.files import rows, toml, words
from search.engine import SearchQuery

GRADES = {"best": 3, "good": 2, "fair": 1}


@dataclass(frozen=True)
class Judgement:
    """`grades` is {title: 1–3}; `never` are titles that must not be among the first ten."""

    query: str
    grades: dict
    never: set


def judgements():
    titles = [row["title"] for row in rows("content/listings.csv")]
    titles += [lesson["sv"]["title"] for lesson in toml("pages/lessons.toml")["lesson"]]

    def whole(cell):
        for start in filter(None, cell.split("|")):
            (title,) = [title for title in titles if title.startswith(start)]
            yield title

    with (Path(__file__).parent / "judgements.csv").open(encoding="utf-8") as file:
        return [
            Judgement(
                query=row["query"],
                grades={
                    title: grade for name, grade in GRADES.items() for title in whole(row[name])
                },
                never=set(whole(row["never"])),
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
    """Means over all questions, and what went wrong: {question: nDCG} and {question: titles}."""

    ndcg: float
    recall: float
    by_query: dict
    mistakes: dict


def measure(ask):
    """The quality of `ask`, a function from a `SearchQuery` to the titles found, best first."""
    ndcgs, recalls, mistakes = {}, [], {}
    for judgement in judgements():
        found = ask(SearchQuery(text=judgement.query, language="sv"))
        ndcgs[judgement.query] = ndcg(found, judgement.grades)
        recalls.append(recall(found, judgement.grades))
        if wrong := judgement.never & set(found[:10]):
            mistakes[judgement.query] = wrong
    return Quality(
        ndcg=sum(ndcgs.values()) / len(ndcgs),
        recall=sum(recalls) / len(recalls),
        by_query=ndcgs,
        mistakes=mistakes,
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
                "kind": Organisation.Kind.COMPANY,
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
