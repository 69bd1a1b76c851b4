"""How much is asked of the database for a public page does not depend on how much there is."""

import itertools
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventPage
from inspiration.pages.blocks import ContentBlock, HomeBlock
from inspiration.pages.models import ArticlePage
from inspiration.stories.models import CaseStoryPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.ideas.models import Idea, IdeaProgress
from marketplace.listings.models import ListingPhoto
from marketplace.wanted.models import WantedAd
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    ListingFactory,
    SchoolFactory,
    SuperuserFactory,
)

pytestmark = pytest.mark.django_db


# What lessons are mostly written with.
PLAIN = {"text", "image", "quote", "fact_box", "steps", "table"}


class World:
    """A site with one page of each kind, which can be filled with more of everything."""

    def __init__(self, pages):
        self.pages = pages
        self.category = CategoryFactory()
        self.numbers = itertools.count()
        pages.sv.sections = self.blocks(HomeBlock())
        pages.sv.save_revision().publish()
        names = ("Kampanjer", "Berättelser", "Händelser")
        self.lists = {name: pages.index(name) for name in names}
        self.lesson, self.plain, *others = self.one_of_each()
        self.story, self.article, self.campaign, self.event, *others = others
        self.listing, self.ad, self.idea = others

    def blocks(self, block):
        return block.normalize(
            [(name, each.get_preview_value()) for name, each in block.child_blocks.items()]
        )

    def one_of_each(self):
        number = next(self.numbers)
        today = timezone.localdate()
        image = ImageFactory()
        listing = ListingFactory(category=self.category)
        ListingPhoto.objects.create(listing=listing, image=image, sort_order=0)
        listing.tags.add("bygga")
        school = SchoolFactory()
        handover = record_handover(
            listing=listing,
            receiver=school,
            facts=HandoverFacts(quantity=Decimal(1), mass_kg=Decimal(3)),
        )
        shared = {"tags": ["bygga"], "body": self.blocks(ContentBlock())}
        lesson = self.pages.lesson(
            title=f"Lektion {number}", materials=[{"category": self.category}], **shared
        )
        plain = self.pages.lesson(
            title=f"Enkel lektion {number}",
            materials=[{"category": self.category}],
            tags=["bygga"],
            body=[
                (each.block_type, each.value)
                for each in self.blocks(ContentBlock())
                if each.block_type in PLAIN
            ],
        )
        story = self.pages.add(
            CaseStoryPage,
            self.lists["Berättelser"],
            f"Berättelse {number}",
            category=self.category,
            cover=image,
            **shared,
        )
        article = self.pages.add(
            ArticlePage, self.pages.articles, f"Artikel {number}", cover=image, **shared
        )
        campaign = self.pages.add(
            CampaignPage,
            self.lists["Kampanjer"],
            f"Kampanj {number}",
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=1),
            goal=100,
            **shared,
        )
        event = self.pages.add(
            EventPage,
            self.lists["Händelser"],
            f"Händelse {number}",
            starts_at=timezone.now() + timedelta(days=9),
            ends_at=timezone.now() + timedelta(days=9, hours=2),
            venue="Torget",
            municipality=school.municipality,
            **shared,
        )
        ad = WantedAd.objects.create(
            organisation=school,
            category=self.category,
            title=f"Sökes {number}",
            description="Till slöjden.",
            live=True,
            first_published_at=timezone.now(),
        )
        idea = Idea.objects.create(
            handover=handover,
            type="made",
            title=f"Idé {number}",
            text="Torn.",
            age_group="4-6",
            signed="4B",
            live=True,
        )
        IdeaProgress.objects.create(idea=idea, approved_at=timezone.now())
        refresh_all()
        return lesson, plain, story, article, campaign, event, listing, ad, idea


VIEWS = {
    "start page": lambda world: world.pages.sv.url,
    "list of lesson ideas": lambda world: world.pages.lessons.url,
    "list of articles": lambda world: world.pages.articles.url,
    "list of stories": lambda world: world.lists["Berättelser"].url,
    "list of campaigns": lambda world: world.lists["Kampanjer"].url,
    "lesson idea": lambda world: world.lesson.url,
    "lesson idea in words": lambda world: world.plain.url,
    "story": lambda world: world.story.url,
    "article": lambda world: world.article.url,
    "campaign": lambda world: world.campaign.url,
    "event": lambda world: world.event.url,
    "tag": lambda world: reverse("inspiration:tag", args=["bygga"]),
    "listing": lambda world: world.listing.get_absolute_url(),
    "material": lambda world: reverse("search:material"),
    "search": lambda world: reverse("search:search"),
    "wanted": lambda world: reverse("marketplace:wanted_list"),
    "wanted ad": lambda world: world.ad.get_absolute_url(),
    "ideas": lambda world: reverse("marketplace:ideas"),
    "idea": lambda world: world.idea.get_absolute_url(),
    "effect": lambda world: reverse("marketplace:effect"),
    "factors": lambda world: reverse("marketplace:effect_factors"),
    "newsletter": lambda world: reverse("inspiration:newsletter"),
    "site map": lambda world: reverse("sitemap_part", args=["sidor"]),
}


# The most that a page may ask for a visitor while no whole page is kept. Those of an editor's
# making have a block of every kind: their own pictures, a gallery, material and the ledger.
MOST = 12
# What shows more kinds of things than that.
MORE = {
    # What others tell of it, and two lists of material: a block's, and what suits the idea.
    "lesson idea": 15,
    # The same, with places, participants, events and what has come of it by the ledger.
    "campaign": 20,
    # Whether places are booked is asked for people and for search engines.
    "event": 14,
}


def shape(sql):
    """A query without its columns and values: what it asks, of which tables."""
    tables = re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)
    return f"{sql.split()[0]} {', '.join(dict.fromkeys(tables))}"


def queries(client, world):
    """{page: the shapes of the queries that it asks}, each opened once before."""
    asked = {}
    for name, path_in in VIEWS.items():
        path = path_in(world)
        # What is kept for a minute is kept, however slow the machine is.
        with time_machine.travel(timezone.now(), tick=False):
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                response = client.get(path)
        assert response.status_code == 200, name
        asked[name] = [shape(each["sql"]) for each in captured]
    return asked


def test_no_page_costs_more_when_there_is_more(client, pages):
    world = World(pages)
    world.one_of_each()
    few = queries(client, world)

    for _time in range(3):
        world.one_of_each()
    many = queries(client, world)

    assert {
        name: (few[name], many[name]) for name in VIEWS if len(many[name]) > len(few[name])
    } == {}


def test_the_first_page_of_the_admin_asks_little_while_campaigns_run(client, pages):
    world = World(pages)
    world.one_of_each()
    world.one_of_each()
    client.force_login(SuperuserFactory())
    client.get("/admin/")

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/admin/")

    assert world.campaign.title in response.content.decode()
    assert len(captured) <= 40, [shape(each["sql"]) for each in captured]


@pytest.mark.django_db(transaction=True)
def test_a_page_asks_the_database_little(client, pages, settings):
    world = World(pages)
    world.one_of_each()
    settings.PAGE_CACHE_SECONDS = 300
    # Somebody in particular, for whom no whole page is kept.
    client.cookies["known"] = "yes"

    asked = queries(client, world)

    assert {
        name: (len(shapes), shapes)
        for name, shapes in asked.items()
        if len(shapes) > MORE.get(name, MOST)
    } == {}
