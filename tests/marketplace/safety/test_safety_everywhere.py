"""What giver, editor, preschool and teacher meet of the safety rules."""

from decimal import Decimal
from http import HTTPStatus
from importlib import import_module

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Revision

from marketplace.exchange.errors import SafetyNotConfirmed
from marketplace.exchange.labels.pdf import facts
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.exchange.waiting_list.services import join_line, take_offer
from marketplace.listings.models import MaterialListing
from marketplace.notifications.delivery import write_mail
from marketplace.offers.services import submit_listing
from marketplace.organisations.models import Organisation
from marketplace.review.errors import NotSettled
from marketplace.safety.answers import QUESTIONS
from marketplace.safety.rules import rules
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
)

pytestmark = pytest.mark.django_db

ZIP = {"loose_parts": "may_come_off"}


@pytest.fixture
def preschool():
    return SchoolFactory(type=Organisation.Type.PRESCHOOL, school_unit_code="")


@pytest.fixture
def educator(preschool):
    return MembershipFactory(organisation=preschool, user__language="en").user


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def url(name, *args):
    with override("en"):
        return reverse(f"marketplace:{name}", args=args)


def said(node):
    return node.get_text(" ", strip=True)


# --- The published table -------------------------------------------------------------------------


def test_the_table_is_published_with_every_rule_and_what_nobody_has_checked(client):
    page = soup(client.get("/en/sakerhet/"))

    rows = page.select("tbody tr")
    assert len(rows) * 4 == len(rules())
    unchecked = [row for row in rows if "not checked by an expert" in said(row)]
    assert len(unchecked) == sum(not rule.checked_by for rule in rules().values()) / 4
    assert "Parts smaller than a toilet roll may come off and choke" in said(page)


def test_the_table_is_the_file_that_the_portal_reads(client):
    answer = client.get("/sakerhet/safety_rules.csv")

    assert answer.content.decode().splitlines()[0].startswith("question,answer,age,use,verdict")
    assert len(answer.content.decode().splitlines()) == len(rules()) + 1


# --- Giving --------------------------------------------------------------------------------------


@pytest.fixture
def giver(client):
    user = MembershipFactory(organisation=CompanyFactory(), user__language="en").user
    client.force_login(user)
    return user


def checked(page, name):
    return [each["value"] for each in page.select(f"input[name={name}][checked]")]


def offered(**values):
    return {
        "title": "Zips",
        "category": CategoryFactory().pk,
        "condition": "new",
        "quantity": "10",
        "unit": "st",
        "kg_per_unit": "0,1",
        "recurrence": "none",
        "pickup_address": "Hamngatan 1",
        "pickup_town": "Helsingborg",
        "contact_name": "Kim Ek",
        "contact_phone": "070-174 06 05",
        "splittable": "on",
        "send": "1",
        **values,
    }


def test_giving_asks_five_questions_and_begins_with_not_knowing(client, giver):
    page = soup(client.get("/en/material/erbjud/"))

    assert {name: checked(page, name) for name in QUESTIONS} == {
        name: ["unknown"] for name in QUESTIONS
    }


def test_answers_are_filled_in_by_the_category_of_what_is_copied(client, giver):
    listing = ListingFactory(
        unanswered=True,
        organisation=giver.organisations.get(),
        category=CategoryFactory(slug="knappar-dragkedjor"),
    )

    page = soup(client.get(f"/en/material/{listing.pk}/igen/"))

    assert checked(page, "loose_parts") == ["small"]
    assert checked(page, "made_for") == ["everyday"]


def test_what_a_giver_answers_is_kept(client, giver):
    answers = {
        "made_for": "everyday",
        "treatment": "none",
        "dust_or_smell": "none",
        "loose_parts": "small",
        "heat_or_food": "not_made_for_it",
    }

    answer = client.post("/en/material/erbjud/", offered(**answers))

    assert answer.status_code == HTTPStatus.FOUND
    listing = MaterialListing.objects.get(title="Zips")
    assert {name: getattr(listing, name) for name in QUESTIONS} == answers
    assert listing.fits_from_age == 3


def test_who_taps_nothing_has_said_nothing(client, giver):
    client.post("/en/material/erbjud/", offered())

    listing = MaterialListing.objects.get(title="Zips")
    assert {getattr(listing, name) for name in QUESTIONS} == {"unknown"}
    assert listing.fits_from_age is None


def newest(listing):
    return MaterialListing.objects.get(pk=listing.pk).get_latest_revision_as_object()


def test_an_editors_word_falls_when_the_giver_answers_otherwise(client, giver):
    own = giver.organisations.get()
    same, other = (
        ListingFactory(organisation=own, made_for="building", preschool_ruling="care", draft=True)
        for _number in range(2)
    )

    for listing, treatment in ((same, "none"), (other, "oiled")):
        values = offered(
            **{name: getattr(listing, name) for name in QUESTIONS} | {"treatment": treatment}
        )
        client.post(f"/en/material/{listing.pk}/andra/", values)

    assert [newest(each).treatment for each in (same, other)] == ["none", "oiled"]
    assert [newest(each).preschool_ruling for each in (same, other)] == ["care", ""]


def test_a_draft_changes_nothing_of_what_is_published():
    listing = ListingFactory()
    listing.loose_parts = "small"
    listing.save_revision()

    listing.refresh_from_db()
    assert (listing.loose_parts, listing.fits_from_age) == ("none", 1)


# --- Editors -------------------------------------------------------------------------------------


@pytest.fixture
def workflow(db):
    call_command("setup_portal", verbosity=0)


def waiting(**values):
    listing = ListingFactory(draft=True, **values)
    submit_listing(listing=listing, by=MembershipFactory(organisation=listing.organisation).user)
    return MaterialListing.objects.get(pk=listing.pk)


def approve(listing, editor):
    state = listing.current_workflow_task_state
    state.task.specific.on_action(state, editor, "approve")
    listing.refresh_from_db()


def test_an_editor_settles_what_is_to_be_asked_before_it_is_published(workflow):
    editor = SuperuserFactory()
    wood = waiting(made_for="building")

    with pytest.raises(NotSettled):
        approve(wood, editor)
    assert not MaterialListing.objects.get(pk=wood.pk).live

    wood.preschool_ruling = "care"
    wood.save_revision(user=editor)
    approve(wood, editor)
    assert wood.live
    assert wood.fits_from_age == 1


def test_what_is_not_known_is_settled_only_by_a_no_to_preschools(workflow):
    editor = SuperuserFactory()
    listing = waiting(unanswered=True)

    listing.preschool_ruling = "care"
    listing.save_revision(user=editor)
    with pytest.raises(NotSettled):
        approve(listing, editor)

    listing.preschool_ruling = "not"
    listing.save_revision(user=editor)
    approve(listing, editor)
    assert (listing.live, listing.fits_from_age) == (True, None)


def test_an_editor_who_approves_too_early_reads_what_is_missing(workflow, client):
    client.force_login(SuperuserFactory(language="en"))
    wood = waiting(made_for="building")
    path = reverse(
        wood.snippet_viewset.get_url_name("workflow_action"),
        args=[wood.pk, "approve", wood.current_workflow_task_state.pk],
    )

    answer = client.post(path, {"next": "/admin/"}, follow=True)

    assert "Bedöm först om det är för förskolor" in answer.content.decode()
    assert not MaterialListing.objects.get(pk=wood.pk).live


def test_a_trusted_company_passes_at_once_unless_something_is_to_be_settled(workflow):
    trusted = CompanyFactory(trusted=True)

    assert waiting(organisation=trusted).live
    assert not waiting(organisation=trusted, unanswered=True).live


# --- Finding -------------------------------------------------------------------------------------


def found(client, query):
    return [said(each) for each in soup(client.get(f"/en/sok/?{query}")).select(".card__title")]


def test_no_listing_without_answers_is_found_as_fitting_for_an_age(client):
    ListingFactory(title="Known")
    ListingFactory(title="Silent", unanswered=True)
    ListingFactory(title="Nearly", heat_or_food="unknown")
    ListingFactory(title="Zips", **ZIP)
    refresh_all()

    assert found(client, "typ=material&fran=1") == ["Known"]
    assert set(found(client, "typ=material&fran=13")) == {"Known", "Zips"}
    assert set(found(client, "typ=material")) == {"Known", "Silent", "Nearly", "Zips"}


def test_a_card_says_for_whom_it_is_and_why(client):
    ListingFactory(title="Zips", **ZIP)
    refresh_all()

    [card] = soup(client.get("/en/sok/?typ=material")).select(".card")

    assert "Fits from 3 years, with care. Parts smaller than a toilet roll" in said(card)


def test_the_page_of_a_listing_says_it_for_every_age_with_the_givers_answers(client):
    listing = ListingFactory(**ZIP)

    panel = soup(client.get(f"/en{listing.get_absolute_url().removeprefix('/en')}")).select_one(
        "section[aria-labelledby=safe-for]"
    )

    assert "Does not fit. Parts smaller than a toilet roll may come off and choke" in said(panel)
    assert "Yes, parts may come off" in said(panel)


def test_listings_are_judged_by_the_rules_of_the_release():
    listing = ListingFactory(**ZIP)
    MaterialListing.objects.filter(pk=listing.pk).update(fits_from_age=1)

    call_command("judge_listings", verbosity=0)

    listing.refresh_from_db()
    assert listing.fits_from_age == 3


# --- Asking --------------------------------------------------------------------------------------


def test_a_preschool_reads_and_confirms_what_does_not_fit_all_its_children(client, educator):
    listing = ListingFactory(**ZIP)
    client.force_login(educator)
    values = {"organisation": educator.organisations.get().pk, "quantity": "2"}

    page = soup(client.get(url("reserve", listing.pk)))
    assert "1–3 years Does not fit. Parts smaller than a toilet roll" in said(page)

    refused = client.post(url("reserve", listing.pk), values)
    assert "tick the box" in refused.content.decode()
    assert not Reservation.objects.exists()

    client.post(url("reserve", listing.pk), values | {"safety_confirmed": "on"})
    [reservation] = Reservation.objects.all()
    assert reservation.safety_confirmed_at
    shown = soup(client.get(url("reservation", reservation.pk)))
    assert "Read and confirmed by the receiver" in said(shown)


def test_a_preschool_confirms_nothing_of_what_fits_and_a_school_nothing_at_all(client, educator):
    fitting, zips = ListingFactory(), ListingFactory(**ZIP)
    teacher = MembershipFactory(organisation=SchoolFactory(), user__language="en").user

    for user, listing in ((educator, fitting), (teacher, zips)):
        client.force_login(user)
        page = soup(client.get(url("reserve", listing.pk)))
        assert page.select_one("[name=quantity]")
        assert not page.select_one("[name=safety_confirmed]")


def test_no_way_leads_round_the_confirmation(preschool, educator):
    listing = ListingFactory(**ZIP)
    ask = {"listing": listing, "organisation": preschool, "by": educator}

    with pytest.raises(SafetyNotConfirmed):
        request_reservation(**ask, quantity=Decimal(1))

    stock = listing.stock
    stock.reserved = stock.offered
    stock.save()
    with pytest.raises(SafetyNotConfirmed):
        join_line(**ask, quantity=Decimal(1))

    place = join_line(**ask, quantity=Decimal(1), safety_confirmed=True)
    place.offered_quantity, place.offered_at = Decimal(1), place.created_at
    place.offered_until = place.created_at.replace(year=place.created_at.year + 1)
    place.save()
    assert take_offer(place=place, by=educator).safety_confirmed_at


def test_label_and_mail_say_for_whom_it_is(educator, preschool):
    listing = ListingFactory(**ZIP)
    giver = MembershipFactory(organisation=listing.organisation, user__language="en").user
    reservation = ReservationFactory(listing=listing, organisation=preschool)
    accept_reservation(reservation=reservation, by=giver)

    with override("en"):
        assert facts(reservation)[0].startswith("Fits from 3 years, with care. Parts smaller")
    mail = write_mail(educator.notifications.get(type="reservation_accepted"))
    assert "Fits from 3 years, with care. Parts smaller" in mail.message


# --- What was there before -----------------------------------------------------------------------


def test_what_givers_had_said_before_becomes_answers_in_versions_too():
    migration = import_module("marketplace.migrations.0041_fill_safety_answers")
    listing = ListingFactory(unanswered=True)
    revision = listing.save_revision()
    revision.content["small_parts"] = True
    revision.save()
    other = ListingFactory(unanswered=True).save_revision()

    migration.carry_along(Revision.objects)

    revision.refresh_from_db()
    assert revision.as_object().loose_parts == "may_come_off"
    assert other.as_object().loose_parts == "unknown"
