"""How long each page takes, and how that grows with what the portal holds.

    script/benchmark --listings 1000 pages    # once, to compare with
    script/benchmark pages

Beside the listings and pages of the search benchmark there are twice as many handovers as listings
and 1 listing in 100 waiting for review. A page is asked for with Django's test client under
production's settings: by a visitor once with nothing kept and once more with what the portal has
kept of it, by an administrator with nothing kept.
"""

import json
import os
import re
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from random import Random
from statistics import median

from . import report, stage

RUNS = 5
SMALL = 1_000
RECEIVERS, NEIGHBOURS = 600, 25
MOST_QUERIES, MOST_SECONDS, MOST_GROWTH = 40, 0.3, 1.3
RESULTS = Path(os.environ.get("PORTAL_VAR_DIR", "var")).parent


@dataclass
class Measured:
    """Seconds with nothing kept, seconds with what is kept, and queries with nothing kept."""

    seconds: float
    kept: float
    queries: int


def main():
    stage.set_up()
    from django.core.management import call_command

    from marketplace.exchange.handovers.models import Handover

    call_command("setup_portal", with_pages=True, verbosity=0)
    if Handover.objects.count() < 2 * stage.LISTINGS:
        fill()
    from search.index.sync import build_missing

    build_missing()
    public, admin = measure_public(), measure_admin()
    keep(public | admin)
    small = results(SMALL)
    report.publish("Pages", text(public, admin, small), summary=summary(public, admin, small))


def fill():
    """Handovers, receivers, and what waits for review."""
    from django.db import connection

    from marketplace.impact.sums.services import count_ledger
    from marketplace.municipalities.models import Municipality
    from marketplace.organisations.models import Organisation

    random = Random(2)
    municipalities = list(Municipality.objects.all())
    schools = Organisation.objects.bulk_create(
        Organisation(
            name=f"Skolan {number}",
            type=Organisation.Type.SCHOOL,
            municipality=random.choice(municipalities),
            approval=Organisation.Approval.APPROVED,
        )
        for number in range(RECEIVERS)
    )
    print(f"Making {2 * stage.LISTINGS:,} handovers …")
    make_ledger(random, schools)
    print(f"Sending {stage.LISTINGS // 100:,} listings for review …")
    send_for_review(stage.LISTINGS // 100)
    make_pages(random, municipalities)
    count_ledger()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_ledger(random, schools):
    from marketplace.listings.models import MaterialListing

    from .ledger import make_handovers

    listings = list(
        MaterialListing.objects.select_related("organisation__municipality", "category").order_by(
            "pk"
        )[: 20 * NEIGHBOURS]
    )
    near = {school: random.sample(listings, NEIGHBOURS) for school in schools}
    make_handovers(random, near, 2 * stage.LISTINGS)


def send_for_review(number):
    from django.db import transaction

    from marketplace.listings.models import MaterialListing

    with transaction.atomic():
        for listing in MaterialListing.objects.order_by("-pk")[:number]:
            MaterialListing.objects.filter(pk=listing.pk).update(live=False)
            listing.refresh_from_db()
            listing.save_revision()
            listing.get_workflow().start(listing, None)


def make_pages(random, municipalities):
    from django.utils import timezone

    from inspiration.events.models import EventPage
    from inspiration.pages.models import ArticlePage, InspirationIndexPage

    index = InspirationIndexPage.objects.get(slug="lektionsideer", path__startswith="0001")
    soon = timezone.now() + timedelta(days=9)
    place = random.choice(municipalities)
    index.add_child(
        instance=ArticlePage(title="En artikel", slug="en-artikel", locale=index.locale, body=[])
    )
    index.add_child(
        instance=EventPage(
            title="En dag",
            slug="en-dag",
            locale=index.locale,
            starts_at=soon,
            ends_at=soon + timedelta(hours=2),
            venue="Torget",
            municipality=place,
        )
    )


def public_addresses():
    from inspiration.events.models import EventPage
    from inspiration.lessons.models import LessonIdeaPage
    from inspiration.pages.models import ArticlePage
    from marketplace.listings.models import MaterialListing

    return {
        "home": "/",
        "material": "/material/",
        "listing": MaterialListing.objects.filter(live=True).first().get_absolute_url(),
        "list of lesson ideas": LessonIdeaPage.objects.first().get_parent().url,
        "lesson idea": LessonIdeaPage.objects.first().url,
        "article": ArticlePage.objects.get(slug="en-artikel").url,
        "event": EventPage.objects.get(slug="en-dag").url,
        "/effekt/": "/effekt/",
        "/sok/": "/sok/",
        "/sitemap.xml": "/sitemap.xml",
        "/api/v1/figures": "/api/v1/figures",
    }


def measure_public():
    """{name: `Measured`} of what visitors open."""
    return {name: measure(client(), path) for name, path in public_addresses().items()}


def measure_admin():
    """{path: `Measured`} of every page in the menu of the admin, and of an editor's pages."""
    from django.test import override_settings
    from wagtail.models import TaskState

    from marketplace.listings.models import MaterialListing
    from portal.foundation.users.models import User

    administrator, _made = User.objects.get_or_create(
        email="benchmark@example.org", defaults={"is_superuser": True, "is_staff": True}
    )
    with override_settings(ADMIN_REQUIRES_MFA=False):
        window = client()
        window.force_login(administrator)
        home = window.get("/admin/").content.decode()
        paths = sorted(set(re.findall(r'"url":\s*"(/admin/[^"?#]*)"', unescape(home))))
        waiting = TaskState.objects.filter(status="in_progress").first()
        listing = waiting.revision.content_object if waiting else MaterialListing.objects.first()
        paths += ["/admin/", f"/admin/snippets/marketplace/materiallisting/edit/{listing.pk}/"]
        return {path: measure(window, path) for path in paths if "logout" not in path}


def client():
    from django.test import Client

    return Client(headers={"host": "localhost"}, REMOTE_ADDR="127.0.0.1")


def measure(window, path):
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    window.get(path)
    cold, kept = [], []
    for _run in range(RUNS):
        for name in ("default", "pages"):
            caches[name].clear()
        with CaptureQueriesContext(connection) as asked:
            cold.append(timed(window, path))
        # The next request empties the log.
        queries = len(asked)
        kept.append(timed(window, path))
    return Measured(median(cold), median(kept), queries)


def timed(window, path):
    started = time.perf_counter()
    answer = window.get(path, follow=False)
    if answer.streaming:
        b"".join(answer.streaming_content)
    if answer.status_code not in (200, 302):
        print(f"{path} answers {answer.status_code}")
    return time.perf_counter() - started


def keep(measured):
    file = RESULTS / f"pages-{stage.LISTINGS}.json"
    file.write_text(json.dumps({name: asdict(each) for name, each in measured.items()}))


def results(listings):
    """What was measured with so many listings on this machine, {} when it was not."""
    file = RESULTS / f"pages-{listings}.json"
    if not file.exists():
        return {}
    return {name: Measured(**each) for name, each in json.loads(file.read_text()).items()}


def growth(name, measured, small):
    return measured.seconds / small[name].seconds if name in small else None


def text(public, admin, small):
    head = ["page", "queries", "nothing kept", "kept", f"of itself at {SMALL:,}"]
    return (
        f"{stage.LISTINGS:,} listings, {stage.PAGES:,} pages, {2 * stage.LISTINGS:,} handovers and "
        f"{stage.LISTINGS // 100:,} listings waiting for review; median of {RUNS}, with Django's "
        "test client.\n\n"
        + report.table(head, [row(name, each, small) for name, each in public.items()])
        + "\n\nThe admin's pages, an administrator's, with nothing kept:\n\n"
        + report.table(head, [row(name, each, small) for name, each in admin.items()])
    )


def row(name, measured, small):
    times = growth(name, measured, small)
    return [
        name,
        str(measured.queries),
        report.milliseconds(measured.seconds),
        report.milliseconds(measured.kept),
        f"{times:.1f} ×" if times else "–",
    ]


def summary(public, admin, small):
    slowest = max(admin, key=lambda name: admin[name].seconds)
    many = max(admin, key=lambda name: admin[name].queries)
    over = sum(
        each.queries > MOST_QUERIES or each.seconds > MOST_SECONDS for each in admin.values()
    )
    grown = [name for name in public if (growth(name, public[name], small) or 0) > MOST_GROWTH]
    return [
        f"Of {len(admin)} pages of the admin {over} ask more than {MOST_QUERIES} queries or take "
        f"longer than {report.milliseconds(MOST_SECONDS)}; the slowest ({slowest}) takes "
        f"{report.milliseconds(admin[slowest].seconds)}, the one with most queries ({many}) asks "
        f"{admin[many].queries}.",
        f"Pages that take over {MOST_GROWTH} × of what they take with {SMALL:,} listings: "
        f"{', '.join(grown) or 'none'}.",
    ]


if __name__ == "__main__":
    main()
