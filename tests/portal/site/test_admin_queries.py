"""No page of the admin asks more than forty questions, however much there is to show."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.reports import urls
from portal.foundation.audit.services import EventType, record
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MOST = 40
PAGES = [
    "audit:index",
    "site_history",
    "figure_reports:dashboard",
    *(f"figure_reports:{each.name}" for each in urls.urlpatterns if each.name.endswith("_results")),
]


@pytest.fixture
def busy(client, settings):
    """An administrator on a portal in which a lot has been done by many."""
    settings.ADMIN_REQUIRES_MFA = False
    call_command("setup_portal", with_pages=True, verbosity=0)
    for number in range(12):
        person, company = UserFactory(), CompanyFactory()
        listing = ListingFactory(organisation=company)
        record(EventType.EXPORTED, actor=person, what=f"list {number}", target=UserFactory())
        log(instance=listing, action="wagtail.edit", user=person)
        log(instance=company, action="wagtail.edit", user=person)
        record_handover(
            listing=listing,
            receiver=SchoolFactory(),
            facts=HandoverFacts(
                quantity=1, mass_kg=Decimal(7), would_have_bought="yes", on=date(2026, 3, 5)
            ),
        )
    client.force_login(SuperuserFactory())
    return client


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_admin_asks_little(busy, name):
    path = reverse(name.removesuffix("_results"))
    busy.get(path)

    with CaptureQueriesContext(connection) as asked:
        answer = busy.get(path)

    assert answer.status_code == 200
    assert len(asked) <= MOST, "\n".join(each["sql"][:250] for each in asked)
