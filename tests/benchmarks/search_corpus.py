"""100,000 listings and 2,000 pages to search among, made from what the demo says of material."""

import json
from datetime import timedelta
from random import Random

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from taggit.models import Tag
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.models import InspirationIndexPage
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import ListingPhoto, ListingTag, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from portal.site.demo.files import rows, toml, words
from tests.factories import picture_bytes

COMPANIES, PICTURES, BATCH = 300, 50, 2_000
KINDS = [
    "rester",
    "spill",
    "överskott",
    "kasserade",
    "oanvända",
    "blandade",
    "stora",
    "små",
    "tunna",
    "tjocka",
    "nya",
]
PLACES = [
    "lagret",
    "verkstaden",
    "lastkajen",
    "butiken",
    "ateljén",
    "källaren",
    "förrådet",
    "produktionen",
]
TOWNS = [
    "Ekeby",
    "Kågeröd",
    "Viken",
    "Ödåkra",
    "Munka-Ljungby",
    "Hyllinge",
    "Billesholm",
    "Mörarp",
    "Teckomatorp",
]


def fill(*, listings, pages, say=print):
    """Fill an empty, migrated database. The same things every time."""
    random = Random(1)
    call_command("load_reference_data", verbosity=0)
    companies = make_companies(random)
    pictures = [
        get_image_model().objects.create(
            title=f"Bild {number}",
            file=ContentFile(picture_bytes(size=(640, 480)), name=f"bild-{number}.jpg"),
        )
        for number in range(PICTURES)
    ]
    for start in range(0, listings, BATCH):
        make_listings(random, companies, pictures, min(BATCH, listings - start))
        say(f"  {min(start + BATCH, listings)} listings")
    make_pages(random, pictures, pages)
    say(f"  {pages} pages")


def make_companies(random):
    municipalities = list(Municipality.objects.all())
    return Organisation.objects.bulk_create(
        Organisation(
            name=f"Företaget {number} AB",
            type=Organisation.Type.COMPANY,
            municipality=(municipality := random.choice(municipalities)),
            latitude=round(float(municipality.latitude) + random.uniform(-0.1, 0.1), 5),
            longitude=round(float(municipality.longitude) + random.uniform(-0.1, 0.1), 5),
            town=random.choice(TOWNS),
            approval=Organisation.Approval.APPROVED,
        )
        for number in range(COMPANIES)
    )


@transaction.atomic
def make_listings(random, companies, pictures, count):
    models = rows("content/listings.csv")
    categories = {each.slug: each for each in MaterialCategory.objects.source()}
    tags = {}
    now, today = timezone.now(), timezone.localdate()
    chosen = [random.choice(models) for _number in range(count)]
    listings = MaterialListing.objects.bulk_create(
        MaterialListing(
            organisation=random.choice(companies),
            title=f"{model['title']}, {random.choice(KINDS)} {random.randint(1, 500)}"[:120],
            description=f"{model['description']} {random.choice(KINDS)} från "
            f"{random.choice(PLACES)}. {random.choice(models)['description']}",
            category=categories[model["category"]],
            condition=random.choice(MaterialListing.Condition.values),
            colours=model["colours"],
            dimensions=model["dimensions"],
            suitable_from_age=random.choice([None, None, 1, 3, 6, 10]),
            available_from=random.choice([None, None, today + timedelta(days=5)]),
            available_until=random.choice([None, today + timedelta(days=random.randint(5, 90))]),
            delivery_offered=random.random() < 0.2,
            live=True,
            first_published_at=now - timedelta(minutes=random.randint(0, 200_000)),
        )
        for model in chosen
    )
    Stock.objects.bulk_create(
        Stock(
            listing=listing,
            unit=model["unit"],
            kg_per_unit=1,
            offered=random.randint(1, 200),
        )
        for listing, model in zip(listings, chosen, strict=True)
    )
    ListingPhoto.objects.bulk_create(
        ListingPhoto(listing=listing, image=random.choice(pictures), sort_order=0)
        for listing in listings
        if random.random() < 0.7
    )
    links = []
    for listing, model in zip(listings, chosen, strict=True):
        for name in dict.fromkeys(words(model["tags"])):
            if name not in tags:
                tags[name], _created = Tag.objects.get_or_create(name=name)
            links.append(ListingTag(content_object=listing, tag=tags[name]))
    ListingTag.objects.bulk_create(links)


def make_pages(random, pictures, count):
    swedish = Locale.objects.get(language_code="sv")
    site = Site.objects.first()
    root = site.root_page if site else Page.objects.get(depth=1)
    index = InspirationIndexPage(title="Lektionsidéer", slug="lektionsideer", locale=swedish)
    root.add_child(instance=index)
    lessons = [each["sv"] | each for each in toml("pages/lessons.toml")["lesson"]]
    now = timezone.now()
    for number in range(count):
        lesson = random.choice(lessons)
        index.add_child(
            instance=LessonIdeaPage(
                title=f"{lesson['title']} {number}",
                slug=f"lektion-{number}",
                summary=lesson["summary"],
                locale=swedish,
                cover=random.choice(pictures),
                age_groups=lesson["age_groups"],
                subjects=lesson["subjects"],
                first_published_at=now - timedelta(minutes=random.randint(0, 200_000)),
                steps=json.dumps(
                    [
                        {"type": "step", "value": {"title": title, "text": text}}
                        for title, text in lesson["steps"]
                    ]
                ),
            )
        )
