"""What waits too long: who is told, in which order, and what those who wait read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup

from marketplace.desk.queue.escalation import escalate_late, report_late
from marketplace.listings.models import MaterialListing
from marketplace.offers.services import submit_listing
from marketplace.organisations.approval.services import (
    answer_changes,
    ask_organisation_for_changes,
)
from portal.foundation.site_settings.models import SiteSettings
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
STOCKHOLM = ZoneInfo("Europe/Stockholm")
# A Monday.
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=STOCKHOLM)


def at(days, hours=0):
    return time_machine.travel(MONDAY + timedelta(days=days, hours=hours), tick=False)


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan")


@pytest.fixture
def editors():
    return [give(UserFactory(), "editor") for _number in range(2)]


@pytest.fixture
def coordinator(here):
    return give(UserFactory(), "coordinator", municipalities=[here])


@pytest.fixture
def listing(here, editors, coordinator):
    """Sent in on Monday at ten."""
    with at(0):
        company = CompanyFactory(municipality=here)
        member = MembershipFactory(organisation=company, user__language="en").user
        listing = ListingFactory(organisation=company, draft=True, title="Tyg")
        submit_listing(listing=listing, by=member)
    return listing


def told(*users):
    return sorted(
        kind
        for user in users
        for kind in user.notifications.values_list("type", flat=True)
        if kind.startswith(("late", "answer_is_late"))
    )


def giver(listing):
    return listing.organisation.active_members().get()


def test_nobody_is_troubled_within_two_working_days(listing, editors, coordinator):
    with at(1, 23):
        escalate_late()

    assert told(*editors, coordinator, giver(listing)) == []


def test_after_two_working_days_one_editor_gets_it_and_the_giver_knows(
    listing, editors, coordinator
):
    with at(2, 1):
        escalate_late()
        escalate_late()

    assert told(*editors) == ["late_for_next"]
    assert told(giver(listing)) == ["answer_is_late"]
    assert told(coordinator) == []


def test_saturdays_and_sundays_do_not_count(here, editors):
    company = CompanyFactory(municipality=here)
    member = MembershipFactory(organisation=company).user
    draft = ListingFactory(organisation=company, draft=True)
    with at(4):
        submit_listing(listing=draft, by=member)
    with at(7, 1):
        escalate_late()
        assert told(*editors) == []

    with at(8, 1):
        escalate_late()

    assert told(*editors) == ["late_for_next"]


def test_the_site_says_how_many_days(listing, editors, settings):
    from wagtail.models import Site

    found = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    found.answer_within_days = 4
    found.save()
    with at(3, 1):
        escalate_late()
        assert told(*editors) == []

    with at(4, 1):
        escalate_late()

    assert told(*editors) == ["late_for_next"]


def test_then_the_coordinator_gets_it_and_may_decide(client, listing, coordinator):
    client.force_login(coordinator)
    key = f"listing-{listing.current_workflow_task_state.pk}"
    with at(2, 1):
        client.force_login(coordinator)
        client.post("/admin/ko/", {"quick": key})
        assert not MaterialListing.objects.get(pk=listing.pk).live
    with at(4, 1):
        escalate_late()
        client.force_login(coordinator)
        client.post("/admin/ko/", {"quick": key})

    assert told(coordinator) == ["late_for_coordinator"]
    assert MaterialListing.objects.get(pk=listing.pk).live


def test_the_coordinator_of_another_municipality_neither_hears_nor_decides(client, listing):
    other = give(UserFactory(), "coordinator", municipalities=[MunicipalityFactory()])
    with at(4, 1):
        escalate_late()
        client.force_login(other)
        client.post("/admin/ko/", {"quick": f"listing-{listing.current_workflow_task_state.pk}"})

    assert told(other) == []
    assert not MaterialListing.objects.get(pk=listing.pk).live


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Asked on 2 March: the editors"),
        (2, "One more editor has been asked"),
        (4, "The coordinator in Klippan has it now"),
    ],
)
def test_the_giver_sees_on_the_own_page_where_it_stands(client, listing, days, words):
    with at(days, 1):
        client.force_login(giver(listing))
        page = client.get("/en/mitt/").content.decode()

    assert words in page


def test_who_has_waited_three_days_for_a_colleague_comes_to_the_coordinator(
    client, here, coordinator
):
    with at(0):
        school = SchoolFactory(municipality=here)
        MembershipFactory(organisation=school, role="administrator")
        newcomer = MembershipFactory(
            organisation=school, status="pending", user__language="en"
        ).user
    with at(2, 23):
        escalate_late()
        client.force_login(newcomer)
        assert "It is late" not in client.get("/en/mitt/").content.decode()
        assert told(coordinator) == []

    with at(3, 1):
        escalate_late()
        client.force_login(newcomer)
        page = client.get("/en/mitt/").content.decode()

    assert told(coordinator) == ["late_for_coordinator"]
    assert told(newcomer) == ["answer_is_late"]
    assert "It has also gone to the coordinator in Klippan" in page


def test_an_organisation_that_waits_reads_where_it_stands(client, here, editors):
    with at(0):
        company = CompanyFactory(municipality=here, approval="pending")
        member = MembershipFactory(organisation=company, user__language="en").user
    with at(2, 1):
        escalate_late()
        client.force_login(member)
        page = client.get("/en/mitt/").content.decode()

    assert told(*editors) == ["late_for_next"]
    assert told(member) == ["answer_is_late"]
    assert "One more editor has been asked" in page


def test_the_steering_group_reads_a_number_once_a_week(listing):
    person = give(UserFactory(), "steering_group")
    with at(1):
        report_late()
        assert told(person) == []
    with at(4, 1):
        report_late()
        report_late()
        assert told(person) == ["late_in_numbers"]
        assert person.notifications.get(type="late_in_numbers").context == {"count": 1, "late": 1}

    with at(7):
        report_late()

    assert told(person) == ["late_in_numbers"] * 2


def test_an_organisation_that_had_to_change_something_waits_from_when_it_came_again(
    client, here, coordinator
):
    administrator = give(UserFactory(), "administrator")
    with at(0):
        company = CompanyFactory(municipality=here, approval="pending", name="Verkstan AB")
        member = MembershipFactory(organisation=company, user__language="sv").user
    with at(3):
        escalate_late()
        assert told(administrator) == ["late_for_next"]
        ask_organisation_for_changes(organisation=company, by=coordinator, note="Adressen?")
    with at(10):
        answer_changes(organisation=company, by=member)
    with at(11):
        escalate_late()
        client.force_login(coordinator)
        queue = BeautifulSoup(client.get("/admin/ko/").content, "html.parser")
        client.force_login(member)
        own = client.get("/mitt/").content.decode()

    since = queue.select_one("[data-queue-row] time")
    assert since["datetime"].startswith("2026-03-12")
    assert "12 mars" in own
    assert told(administrator) == ["late_for_next"]

    with at(15):
        escalate_late()
    assert told(administrator) == ["late_for_next", "late_for_next"]
