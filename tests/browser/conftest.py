"""What the browser tests share."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer


def set_up_portal():
    """The portal as `setup_portal` leaves it."""
    from wagtail.models import Collection, Locale, Page

    # A transactional test starts without what Wagtail's migrations put in.
    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def portal(transactional_db):
    set_up_portal()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Last come the tests that look at the demo: no other test may find what it leaves there."""
    items.sort(key=lambda item: "demo_site" in item.fixturenames)


@pytest.fixture(scope="session")
def demo_site(django_db_setup, django_db_blocker):
    """A server of the demo, built once, for tests that look at pages and change nothing."""
    with (
        django_db_blocker.unblock(),
        override_settings(ELASTICSEARCH_URL="", ROOT_URLCONF="tests.browser.urls"),
    ):
        try:
            set_up_portal()
            call_command("demo", here=True, stdout=io.StringIO())
            add_what_the_demo_lacks()
            server = LiveServer("localhost")
            yield server
            server.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


def add_what_the_demo_lacks():
    """A campaign to come, an article with every block, pages in one language, links that work."""
    from inspiration.blocks import ContentBlock
    from inspiration.models import ArticlePage, CampaignPage, InspirationIndexPage, Subscriber
    from marketplace.models import Handover, IdeaInvitation

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


@pytest.fixture(scope="session")
def windows(browser, demo_site):
    """The page that a visitor ("") and two users of the demo look with: {name: page}."""
    from portal.models import User

    opened = {}
    for name in ("", "foretag", "skola"):
        context = browser.new_context(
            base_url=demo_site.url,
            locale="sv-SE",
            reduced_motion="reduce",
            service_workers="block",
        )
        if name:
            client = Client()
            client.force_login(
                User.objects.get(email=f"{name}@demo.example"),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": demo_site.url}])
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()
