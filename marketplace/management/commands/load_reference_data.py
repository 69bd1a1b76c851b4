"""Puts municipalities, categories and climate factors into the database, where they are missing."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Locale

from marketplace.materials.carrying import reference as carry_classes_of_categories
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.materials.properties import reference as properties_of_categories
from marketplace.municipalities.models import Municipality

FOLDER = Path(__file__).resolve().parents[2] / "materials/reference_data"
VALID_FROM = date(2020, 1, 1)


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Command(BaseCommand):
    help = "Add missing municipalities, material categories and climate factors. Changes no row."

    @transaction.atomic
    def handle(self, **options):
        counts = (add_municipalities(), add_categories(), add_factors())
        self.stdout.write(
            "Added {} municipalities, {} category rows and {} climate factors.".format(*counts)
        )


def add_municipalities():
    known = set(Municipality.objects.values_list("code", flat=True))
    missing = [row for row in rows("municipalities.csv") if row["code"] not in known]
    for row in missing:
        Municipality.objects.create(
            code=row["code"],
            name=row["name"],
            slug=row["slug"],
            latitude=Decimal(row["lat"]),
            longitude=Decimal(row["lon"]),
            population=int(row["population"]),
            population_year=int(row["population_year"]),
        )
    return len(missing)


def add_categories():
    """Add each category in Swedish and English; both rows share a translation key."""
    hints = {row["slug"]: row for row in rows("weight_hints.csv")}
    properties = properties_of_categories()
    carry_classes = carry_classes_of_categories()
    added = 0
    swedish: dict[str, MaterialCategory] = {}
    for language in ("sv", "en"):
        locale, _created = Locale.objects.get_or_create(language_code=language)
        known = {
            category.slug: category for category in MaterialCategory.objects.filter(locale=locale)
        }
        for row in rows("material_categories.csv"):
            slug, parent = row["slug"], row["parent_slug"]
            if slug not in known:
                category = MaterialCategory(
                    locale=locale,
                    slug=slug,
                    name=row[f"name_{language}"],
                    parent=known[parent] if parent else None,
                    properties=properties.get(slug, []),
                    carry_class=carry_classes.get(slug, ""),
                    # One drawing per top category is enough to recognise a material by.
                    weight_hint=hints.get(slug, {}).get(f"hint_{language}", ""),
                )
                if slug in swedish:
                    category.translation_key = swedish[slug].translation_key
                category.save()
                known[slug] = category
                added += 1
        swedish = swedish or known
    return added


def add_factors():
    """Give each category in the main language its first factor, unless it has one."""
    without = {
        category.slug: category
        for category in MaterialCategory.objects.source().filter(factors=None)
    }
    factors = [
        ClimateFactor(
            category=without[row["slug"]],
            valid_from=VALID_FROM,
            kgco2e_per_kg=Decimal(row["kgco2e_per_kg"]),
            sek_per_kg=Decimal(row["sek_per_kg"]),
            source=row["source"],
            source_year=int(row["source_year"]),
            verified=row["verified"] == "yes",
            note=row["note"],
        )
        for row in rows("material_categories.csv")
        if row["slug"] in without
    ]
    ClimateFactor.objects.bulk_create(factors)
    return len(factors)
