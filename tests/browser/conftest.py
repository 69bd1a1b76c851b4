"""What the browser tests share."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.rarely_seen import add_rarely_seen
from tests.conftest import with_admin_indexes
from tests.kept_demo import have_demo
from tests.marketplace.exchange.conftest import giver, teacher  # noqa: F401 (fixtures)

# Of a window, in pixels, as Playwright opens it.
SIZE = {"width": 1280, "height": 720}
# How long a page may take on a busy machine, in ms. What holds sooner is not waited for.
expect.set_options(timeout=20_000)


def set_up_portal():
    """The portal as `setup_portal` leaves it."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Collection, Locale, Page
    from wagtail_localize.models import Translation

    # A transactional test starts without what Wagtail's migrations put in.
    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Translation),
        codename="submit_translation",
        defaults={"name": "Can submit translations"},
    )
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def portal(transactional_db):
    set_up_portal()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """First what needs no browser, then what does, and last the tests that look at the demo.

    Each leaves less in the database than the one before expects. pytest itself puts all tests that
    share the browser beside the first of them.
    """
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            "demo_site" in item.fixturenames,
        )
    )


@pytest.fixture(scope="session")
def demo_site(django_db_setup, django_db_blocker, kept_demo):
    """A server of the demo, built once, for tests that look at pages and change nothing."""
    with (
        django_db_blocker.unblock(),
        override_settings(ELASTICSEARCH_URL="", ROOT_URLCONF="tests.browser.urls"),
        with_admin_indexes(),
    ):
        try:
            set_up_portal()
            have_demo(kept_demo)
            add_what_the_demo_lacks()
            server = LiveServer("localhost")
            yield server
            server.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


def add_what_the_demo_lacks():
    """A campaign to come, an article with every block, pages in one language, links that work."""
    from inspiration.campaigns.models import CampaignPage
    from inspiration.newsletter.models import Subscriber
    from inspiration.pages.blocks import ContentBlock
    from inspiration.pages.models import ArticlePage, InspirationIndexPage
    from marketplace.exchange.handovers.models import Handover
    from marketplace.ideas.models import IdeaInvitation

    today, now = timezone.localdate(), timezone.now()
    for state in (
        {},
        {"confirmed_at": now},
        {"confirmed_at": now, "unsubscribed_at": now},
    ):
        email = f"{'-'.join(state) or 'asked'}@demo.example"
        Subscriber.objects.create(email=email, consent="Ja, skicka nyhetsbrevet.", **state)
    handover = Handover.objects.filter(idea_invitation=None).first()
    IdeaInvitation.objects.create(handover=handover, expires_at=now + timedelta(days=9))
    for campaign in CampaignPage.objects.filter(ends_on__gt=today):
        campaign.copy(
            update_attrs={
                "title": f"{campaign.title} 2",
                "slug": "snart",
                "starts_on": today + timedelta(days=9),
                "ends_on": today + timedelta(days=40),
            }
        )
    block = ContentBlock()
    body = block.normalize(
        [(name, child.get_preview_value()) for name, child in block.child_blocks.items()]
    )
    for language in ("sv", "en"):
        parent = InspirationIndexPage.objects.get(slug="artiklar", locale__language_code=language)
        for slug, blocks in {"alla-block": body, f"bara-{language}": []}.items():
            page = ArticlePage(title=slug.replace("-", " "), slug=slug, body=blocks)
            page.locale = parent.locale
            parent.add_child(instance=page)
    add_lines()
    add_import()
    add_second_factor()
    add_driver()
    add_clearing()
    add_rarely_seen()


def add_clearing():
    """A walk through the store of the company that is not over."""
    from marketplace.models import Clearing
    from marketplace.offers.clearing.services import add_thing
    from marketplace.organisations.models import Organisation
    from portal.foundation.users.models import User

    user = User.objects.get(email="foretag@demo.example")
    clearing = Clearing.objects.create(
        organisation=Organisation.objects.of_user(user).first(),
        created_by=user,
        pickup_address="Lagergatan 1",
        pickup_town="Bjuv",
    )
    for text in ("12 stolar", "3 lampor"):
        add_thing(clearing=clearing, text=text, by=user)


def add_driver():
    """The list of the next round, today."""
    from marketplace.transport.models import Run

    run = Run.objects.coming().order_by("date").first()
    Run.objects.filter(pk=run.pk).update(date=timezone.localdate())


def add_lines():
    """Promised material: one that the school may wait for, one it waits for, one it is offered."""
    from marketplace.exchange.reservations.services import (
        accept_reservation,
        cancel_reservation,
        request_reservation,
    )
    from marketplace.exchange.waiting_list.services import join_line
    from marketplace.listings.models import MaterialListing
    from marketplace.organisations.models import Organisation
    from portal.foundation.users.models import User

    user = User.objects.get(email="skola@demo.example")
    own = Organisation.objects.of_user(user).municipal().first()
    other = Organisation.objects.municipal().approved().exclude(pk=own.pk).first()
    free = MaterialListing.objects.available().filter(reservations=None, smallest_part=None)
    for number, listing in enumerate(free.order_by("-pk")[:3]):
        reservation = request_reservation(
            listing=listing, organisation=other, by=None, quantity=listing.stock.left
        )
        accept_reservation(reservation=reservation, by=None)
        if number > 0:
            join_line(listing=listing, organisation=own, by=user, quantity=1)
        if number > 1:
            cancel_reservation(reservation=reservation, by=None)


def add_import():
    """A spreadsheet of the company in which every row has errors."""
    from marketplace.offers.imports.services import receive_spreadsheet
    from marketplace.organisations.models import Organisation
    from portal.foundation.users.models import User

    user = User.objects.get(email="foretag@demo.example")
    rows = ["Rubrik;Sorts material;Antal;Enhet", "Papprör;Guld;många;stycken", "Plank;;;"]
    receive_spreadsheet(
        file=SimpleUploadedFile("lager.csv", "\n".join(rows).encode()),
        organisation=Organisation.objects.of_user(user).first(),
        by=user,
        language="sv",
    )


def add_second_factor():
    """An authenticator app and recovery codes of the school."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from portal.foundation.users.models import User

    user = User.objects.get(email="skola@demo.example")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


@pytest.fixture(scope="session")
def looking(browser, demo_site):
    """{name: (page, cookies)} of a visitor ("") and two users of the demo."""
    from portal.foundation.users.models import User

    opened = {}
    for name in ("", "foretag", "skola"):
        cookies = []
        if name:
            client = Client()
            client.force_login(
                User.objects.get(email=f"{name}@demo.example"),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            session = client.cookies["sessionid"].value
            cookies = [{"name": "sessionid", "value": session, "url": demo_site.url}]
        context = browser.new_context(
            base_url=demo_site.url,
            locale="sv-SE",
            reduced_motion="reduce",
            service_workers="block",
        )
        opened[name] = context.new_page(), cookies
    yield opened
    for page, _cookies in opened.values():
        page.context.close()


class Windows(dict):
    """{name: page}, each as if it had just been opened when a test first asks for it.

    Contexts keep styles, scripts and pictures from one test to the next, and nothing else. The
    page itself stays, since Chromium takes longer to open one than to show it.
    """

    def __init__(self, looking, origin):
        self.looking, self.origin = looking, origin

    def __missing__(self, name):
        page, cookies = self.looking[name]
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        page.context.clear_cookies()
        page.context.add_cookies(cookies)
        page.set_viewport_size(SIZE)
        page.emulate_media(media="null", color_scheme="null", forced_colors="null")
        session = page.context.new_cdp_session(page)
        session.send(
            "Storage.clearDataForOrigin",
            {"origin": self.origin, "storageTypes": "local_storage,session_storage,indexeddb"},
        )
        session.detach()
        self[name] = page
        return page


@pytest.fixture
def windows(looking, demo_site):
    """The pages of a visitor ("") and two users of the demo: {name: page}."""
    return Windows(looking, demo_site.url)


# What a thumb does, counted by the page itself: a press counts as one, choosing in a list or among
# the phone's photos as one more than the press that opened it. Typing counts as fields written in.
COUNTER = """
const WRITTEN = 'input:not([type=checkbox], [type=radio], [type=file], [type=submit]), textarea';
const counted = () => JSON.parse(sessionStorage.getItem('counted') ?? '{"taps": 0, "written": []}');
const keep = (now) => sessionStorage.setItem('counted', JSON.stringify(now));
const tap = (times) => { const now = counted(); now.taps += times; keep(now); };
addEventListener('click', (event) => {
  // A label passes its press on to its field, which is one press and not two.
  if (event.isTrusted && event.detail && !event.target.closest(`${WRITTEN}, select`)) tap(1);
}, true);
addEventListener('change', ({ target, bubbles }) => {
  // What a script of the page chooses does not bubble.
  if (bubbles && target.matches('select')) tap(2);
  if (target.matches('input[type=file]')) tap(1);
}, true);
addEventListener('input', ({ target }) => {
  const now = counted();
  if (target.matches(WRITTEN) && !now.written.includes(target.name)) now.written.push(target.name);
  keep(now);
}, true);
"""


@pytest.fixture
def counted(phone):
    """A function that tells (how often the thumb has pressed, how many fields were written in)."""
    phone.add_init_script(COUNTER)

    def tell():
        found = phone.evaluate("JSON.parse(sessionStorage.getItem('counted'))")
        return found["taps"], len(found["written"])

    return tell
