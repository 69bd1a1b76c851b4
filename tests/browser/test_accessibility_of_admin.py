"""Nobody is shut out of the pages that we have made in the admin."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.browser.test_accessibility import violations
from tests.conftest import SETTLE, django_force_login

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OURS = ("marketplace.", "inspiration.", "search.", "portal.")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
}
# The pages are looked at in so many tests, or one worker would have them all while others wait.
PARTS = 8


def views(resolver, before="", space=""):
    """(name to reverse, address, view) of every address below `resolver`."""
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from views(each, address, inner)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}", address, each.callback


def module_of(view):
    made = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    return made.__module__


def own_pages():
    """The names of the admin's pages that we have made and that need no number."""
    return sorted(
        name
        for name, address, view in views(get_resolver("portal.site.urls"))
        if address.startswith("admin/") and "<" not in address and module_of(view).startswith(OURS)
    )


def pages_of_one_row(administrator):
    """Addresses of the admin's pages that we have made about one thing."""
    from marketplace.desk.queue.services import all_waiting
    from marketplace.exchange.handovers.models import Handover
    from marketplace.impact.purchases.models import PurchaseReport
    from marketplace.listings.models import MaterialListing
    from marketplace.organisations.models import Organisation
    from marketplace.translations.models import TranslatedText
    from marketplace.transport.models import Run

    company = Organisation.objects.companies().approved().first()
    handover = Handover.objects.standing().latest("pk")
    text = TranslatedText.objects.filter(live=False).first()
    listing = MaterialListing.objects.filter(live=True).first()
    return [
        f"{reverse('queue')}?oppen={all_waiting(administrator)[0].key}",
        reverse("review_organisation", args=[company.pk]),
        reverse("merge_organisation", args=[company.pk]),
        reverse("organisation_people", args=[company.pk]),
        reverse("correct_handover", args=[handover.pk]),
        reverse("correct_purchase", args=[PurchaseReport.objects.first().pk]),
        reverse("transport_day", args=[Run.objects.first().pk]),
        reverse("start_text", args=["listing", listing.pk]),
        reverse("wagtailsnippets_marketplace_translatedtext:edit", args=[text.pk]),
        reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk]),
        reverse("wagtailsnippets_marketplace_organisation:edit", args=[company.pk]),
    ]


@pytest.fixture
def administrator(demo_site):
    from portal.foundation.users.models import User

    return User.objects.get(email="admin@demo.example")


@pytest.fixture
def desk_of_all(browser, demo_site, administrator, client, settings):
    """A page of the browser on which an administrator of the demo has signed in."""
    settings.ADMIN_REQUIRES_MFA = False
    django_force_login(client, administrator)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context = browser.new_context(
        base_url=demo_site.url, locale="sv-SE", reduced_motion="reduce", service_workers="block"
    )
    context.add_cookies([session | {"url": demo_site.url}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_that_we_made_in_the_admin_shut_nobody_out(desk_of_all, administrator, part):
    page = desk_of_all
    about_one = pages_of_one_row(administrator)
    seen, found = 0, {}

    for address in ["/admin/", *map(reverse, own_pages()), *about_one][part::PARTS]:
        answer = page.request.get(address)
        assert answer.ok or address not in about_one, address
        if not answer.headers.get("content-type", "").startswith("text/html") or not answer.ok:
            continue
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        seen += 1
        for width in (1280, 820):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SETTLE)
            if wrong := violations(page, RULES):
                found[address, width] = wrong

    assert seen > 40 // PARTS
    assert found == {}
