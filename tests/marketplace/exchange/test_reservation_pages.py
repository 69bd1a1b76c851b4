from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import confirm_handover, correct_handover
from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.exchange.reservations.services import (
    accept_reservation,
    agree_pickup,
    decline_reservation,
    post_message,
    propose_pickup,
)
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.units import Unit
from marketplace.notifications.delivery import write_mail
from marketplace.offers.services import withdraw_listing
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor", pickup_address="Lastgatan 3")


@pytest.fixture
def asked(listing, teacher):
    return ReservationFactory(
        listing=listing,
        organisation=teacher.memberships.get().organisation,
        created_by=teacher,
        requested_quantity=Decimal(4),
    )


@pytest.fixture
def promised(asked, giver):
    return accept_reservation(reservation=asked, by=giver)


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def reserve_url(listing):
    return url("reserve", listing)


def url(name, about):
    with override("en"):
        return reverse(f"marketplace:{name}", args=[about.pk])


def error_of(response, field):
    """The words next to a field, found the way a screen reader finds them."""
    control = page(response).find(attrs={"name": field})
    described = control["aria-describedby"].split()
    return " ".join(page(response).find(id=one).get_text(" ", strip=True) for one in described)


# --- Asking


def quantity_field(client, listing):
    field = page(client.get(reserve_url(listing))).find(attrs={"name": "quantity"})
    return field["value"], field.find_previous("label").get_text(strip=True)


@pytest.mark.parametrize(
    ("stock", "listing_is", "part"),
    [
        # A quarter, what one person carries, a whole one, what the giver gives at least.
        ({"offered": 10, "kg_per_unit": "0.5"}, {}, "3"),
        ({"offered": 400, "kg_per_unit": "0.5"}, {}, "20"),
        ({"offered": 6, "unit": "sack", "kg_per_unit": "12"}, {}, "1"),
        ({"offered": 40, "unit": "sack", "kg_per_unit": "0.5"}, {"smallest_part": 15}, "15"),
        ({"offered": 2, "unit": "kg", "kg_per_unit": "1"}, {}, "0,5"),
        ({"offered": 10, "unit": "ark", "kg_per_unit": "0.5"}, {"smallest_part": 30}, "10"),
        ({"offered": 6, "unit": "pall", "kg_per_unit": "300"}, {"splittable": False}, "6"),
    ],
)
def test_asking_starts_at_a_sensible_part(client, listing, teacher, stock, listing_is, part):
    Stock.objects.update(**{name: each for name, each in stock.items()})
    MaterialListing.objects.update(**listing_is)
    client.force_login(teacher)

    value, label = quantity_field(client, listing)

    assert value == part
    assert str(Unit(stock.get("unit", "st")).label) in label


def test_when_it_is_needed_and_when_they_can_come_is_read_by_the_giver(
    client, listing, teacher, giver
):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation
    day = timezone.localdate() + timedelta(days=9)
    client.post(
        reserve_url(listing),
        {
            "organisation": school.pk,
            "quantity": "1",
            "needed_by": f"{day:%Y-%m-%d}",
            "can_come": "Vardagar efter 15",
        },
    )
    client.force_login(giver)
    told = write_mail(giver.notifications.get()).message

    facts = page(client.get(url("reservation", Reservation.objects.get()))).find(id="facts").parent

    assert "Vardagar efter 15" in facts.get_text()
    assert f"{day.year}" in facts.find("dt", string="Needed by").find_next("dd").get_text()
    assert "Vardagar efter 15" in told


def test_it_cannot_be_needed_by_a_day_that_has_passed(client, listing, teacher):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        reserve_url(listing),
        {"organisation": school.pk, "quantity": "1", "needed_by": "2020-01-01"},
    )

    assert error_of(response, "needed_by")
    assert not Reservation.objects.exists()


def test_a_teacher_asks_by_sending_the_form_as_it_is(client, listing, teacher):
    client.force_login(teacher)
    form = page(client.get(reserve_url(listing))).select_one("main form")
    data = {each["name"]: each.get("value", "") for each in form.select("[name]")}

    response = client.post(reserve_url(listing), data)

    assert response.status_code == HTTPStatus.FOUND
    assert Reservation.objects.get().requested_quantity == 3


@pytest.mark.parametrize("written", ["1,5", "1.5", " 1,50 "])
def test_decimals_are_written_with_comma_or_point(client, listing, teacher, written):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    client.post(reserve_url(listing), {"organisation": school.pk, "quantity": written})

    assert Reservation.objects.get().requested_quantity == Decimal("1.5")


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("", "required"),
        ("0", "more than zero"),
        ("-3", "more than zero"),
        ("1e999999", "number"),
        ("99999999999999999999", "more than"),
        ("11", "not that much left"),
        ("två", "number"),
        ("🌈", "number"),
        ("NaN", "number"),
        ("<script>alert(1)</script>", "number"),
    ],
)
def test_a_bad_quantity_is_explained_next_to_its_field(client, listing, teacher, quantity, words):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(reserve_url(listing), {"organisation": school.pk, "quantity": quantity})

    assert words in error_of(response, "quantity")
    assert Reservation.objects.count() == 0


def test_what_was_typed_survives_an_error(client, listing, teacher):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        reserve_url(listing),
        {"organisation": school.pk, "quantity": "0", "purpose": "En koja 🌈"},
    )

    assert "En koja 🌈" in page(response).find("textarea", attrs={"name": "purpose"}).get_text()


@pytest.mark.parametrize(
    "purpose", ["<script>alert(1)</script>", "مرحبا بالعالم", "👩‍🏫🧵", "{{ 7|add:7 }}"]
)
def test_whatever_is_typed_is_shown_as_text(client, listing, teacher, purpose):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        reserve_url(listing),
        {"organisation": school.pk, "quantity": "1", "purpose": purpose},
        follow=True,
    )

    assert purpose in page(response).get_text()
    assert b"<script>alert" not in response.content


def test_ten_thousand_characters_are_too_many(client, listing, teacher):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        reserve_url(listing),
        {"organisation": school.pk, "quantity": "1", "purpose": "x" * 10_000},
    )

    assert "500" in error_of(response, "purpose")


@pytest.mark.parametrize("when", ["yesterday", "2020-01-01T10:00", "99999-01-01T10:00"])
def test_a_bad_pickup_time_is_explained_next_to_its_field(client, listing, teacher, when):
    client.force_login(teacher)
    school = teacher.memberships.get().organisation

    response = client.post(
        reserve_url(listing), {"organisation": school.pk, "quantity": "1", "pickup_at": when}
    )

    assert error_of(response, "pickup_at")
    assert Reservation.objects.count() == 0


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client, listing):
    response = client.get(reserve_url(listing))

    assert response.status_code == HTTPStatus.FOUND
    assert unquote(response["Location"]).endswith(f"?next={reserve_url(listing)}")


def test_whoever_belongs_nowhere_is_told_who_may_ask(client, listing):
    client.force_login(UserFactory())

    response = client.get(reserve_url(listing))

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Only schools" in page(response).get_text()


def test_nobody_asks_in_the_name_of_another_school(client, listing, teacher):
    client.force_login(teacher)
    other = SchoolFactory()

    client.post(reserve_url(listing), {"organisation": other.pk, "quantity": "1"})

    assert Reservation.objects.count() == 0


def test_material_that_is_gone_is_answered_kindly(client, listing, teacher):
    withdraw_listing(listing=listing, by=UserFactory())
    client.force_login(teacher)

    response = client.get(reserve_url(listing))

    assert response.status_code == HTTPStatus.CONFLICT
    assert "no longer there" in page(response).get_text()


def test_a_draft_is_not_found(client, teacher):
    client.force_login(teacher)

    assert client.get(reserve_url(ListingFactory(draft=True))).status_code == 404


def test_asking_twice_leads_to_the_first_request(client, asked, teacher):
    client.force_login(teacher)

    response = client.get(reserve_url(asked.listing))

    assert response["Location"] == url("reservation", asked)


# --- One reservation


def test_strangers_do_not_learn_that_a_reservation_is_there(client, asked):
    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)

    assert client.get(url("reservation", asked)).status_code == 404


def test_address_is_shown_only_after_the_promise(client, asked, giver, teacher):
    client.force_login(teacher)
    before = client.get(url("reservation", asked))
    accept_reservation(reservation=asked, by=giver)

    after = client.get(url("reservation", asked))

    assert b"Lastgatan 3" not in before.content
    assert b"Lastgatan 3" in after.content


def test_the_giver_promises_less_than_asked(client, asked, giver):
    client.force_login(giver)

    client.post(url("accept", asked), {"accept-quantity": "1,5"})

    asked.refresh_from_db()
    assert (asked.state, asked.accepted_quantity) == ("accepted", Decimal("1.5"))


def test_promising_more_than_asked_is_explained_next_to_the_field(client, asked, giver):
    client.force_login(giver)

    response = client.post(url("accept", asked), {"accept-quantity": "5"})

    assert "more than was asked" in error_of(response, "accept-quantity")


def test_the_receiver_cannot_answer_for_the_giver(client, asked, teacher):
    client.force_login(teacher)

    response = client.post(url("accept", asked), {"accept-quantity": "1"})

    assert response.status_code == HTTPStatus.FORBIDDEN


def test_an_answer_that_comes_too_late_shows_what_is_true_now(client, asked, giver):
    decline_reservation(reservation=asked, by=giver, reason="Slut")
    client.force_login(giver)

    response = client.post(url("accept", asked), {"accept-quantity": "1"})

    assert response.status_code == HTTPStatus.CONFLICT
    assert "Declined" in page(response).find("h1").find_previous("p").get_text()


def test_declining_needs_a_word(client, asked, giver):
    client.force_login(giver)

    response = client.post(url("decline", asked), {"decline-reason": "  "})

    assert error_of(response, "decline-reason")


def test_the_receiver_reads_why_it_was_declined(client, asked, giver, teacher):
    client.force_login(giver)
    client.post(url("decline", asked), {"decline-reason": "Vi behöver dem själva"})
    client.force_login(teacher)

    assert "Vi behöver dem själva" in client.get(url("reservation", asked)).content.decode()


def test_a_time_is_proposed_and_agreed_to(client, promised, giver, teacher):
    client.force_login(giver)
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1))
    client.post(url("propose_pickup", promised), {"pickup-pickup_at": f"{tomorrow:%Y-%m-%dT%H:%M}"})
    client.force_login(teacher)

    client.post(url("agree_pickup", promised))

    promised.refresh_from_db()
    assert promised.pickup_agreed_at


def test_messages_are_shown_to_the_other_side(client, promised, giver, teacher):
    client.force_login(teacher)
    client.post(url("message", promised), {"message-text": "Kommer vi åt lastkajen?"})
    client.force_login(giver)

    response = client.get(url("reservation", promised))

    assert "Kommer vi åt lastkajen?" in page(response).find(class_="message").get_text()


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_000])
def test_an_empty_or_endless_message_is_explained(client, promised, teacher, text):
    client.force_login(teacher)

    response = client.post(url("message", promised), {"message-text": text})

    assert error_of(response, "message-text")


def test_cancelling_frees_the_material(client, promised, teacher):
    client.force_login(teacher)

    client.post(url("cancel", promised))

    promised.listing.stock.refresh_from_db()
    assert promised.listing.stock.left == 10


def test_cancelling_tells_whom_it_was_between(client, promised, giver, teacher):
    client.force_login(giver)
    done = client.post(url("cancel", promised), follow=True)

    told = teacher.notifications.get(type="reservation_cancelled")
    text = write_mail(told).message

    assert "We tell Björkskolan." in done.content.decode()
    assert f"{giver} ({promised.giver.name}) har avbokat" in text
    assert "Kanske passar något annat?" in text


def test_a_company_is_told_that_what_was_cancelled_is_free(client, promised, giver, teacher):
    client.force_login(teacher)
    client.post(url("cancel", promised))

    text = write_mail(giver.notifications.get(type="reservation_cancelled")).message

    assert "Materialet går att boka igen." in text


@pytest.mark.parametrize("step", ["decline", "cancel"])
def test_a_school_that_got_nothing_is_led_on(client, asked, giver, teacher, step):
    client.force_login(giver)
    client.post(url(step, asked), {"decline-reason": "Vi behöver dem själva"})
    client.force_login(teacher)

    found = page(client.get(url("reservation", asked))).find(id="further").find_parent("section")

    assert [link["href"] for link in found.find_all("a")] == [
        "/en/material/",
        url("reserve", asked.listing),
    ]


def test_what_is_no_longer_given_away_is_not_asked_for_again(client, asked, giver, teacher):
    withdraw_listing(listing=asked.listing, by=giver)
    client.force_login(teacher)

    found = page(client.get(url("reservation", asked)))

    assert found.find("a", href="/en/material/")
    assert not found.find("a", href=url("reserve", asked.listing))


def test_the_wished_time_can_be_read_while_waiting(client, asked, giver, teacher):
    asked.pickup_at = timezone.make_aware(datetime(2999, 5, 21, 14, 30))
    asked.pickup_until = asked.pickup_at + timedelta(hours=1)
    asked.save()

    for user in [giver, teacher]:
        client.force_login(user)
        facts = page(client.get(url("reservation", asked))).find(id="facts").parent
        assert "Tuesday 21 May 2999, 14:30–15:30" in " ".join(facts.get_text().split())


def test_a_request_is_prolonged_in_words_of_its_own(client, asked, giver, teacher):
    client.force_login(teacher)
    before = client.get(url("reservation", asked)).content.decode()
    client.post(url("prolong", asked))

    told = giver.notifications.get(type="reservation_prolonged")

    assert "Can they have longer to answer?" in before
    assert "ger er två veckor till att svara" in write_mail(told).message
    assert "väntar på svar" in write_mail(told).subject


def test_times_of_messages_are_written_as_swedes_write_them(client, promised, giver, teacher):
    message = post_message(reservation=promised, by=giver, text="Hej!")
    ReservationMessage.objects.filter(pk=message.pk).update(
        created_at=timezone.make_aware(datetime(2026, 5, 21, 14, 30))
    )
    client.force_login(teacher)

    response = client.get(f"/mitt/bokningar/{promised.pk}/")

    assert "21 maj 14.30" in page(response).find(class_="message").get_text(" ", strip=True)


@pytest.mark.parametrize(
    "name",
    ["accept", "decline", "cancel", "propose_pickup", "agree_pickup", "message"],
)
def test_following_a_link_changes_nothing(client, asked, giver, name):
    client.force_login(giver)

    assert client.get(url(name, asked)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_the_receiver_prolongs_once_and_the_button_is_gone(client, promised, teacher):
    client.force_login(teacher)
    before = client.get(url("reservation", promised))

    after = client.post(url("prolong", promised), follow=True)

    assert page(before).find("form", action=url("prolong", promised))
    assert not page(after).find("form", action=url("prolong", promised))


def test_the_giver_cannot_prolong(client, promised, giver):
    client.force_login(giver)

    assert client.post(url("prolong", promised)).status_code == HTTPStatus.FORBIDDEN


# --- Handing over


def handover_data(**changes):
    return {
        "handover-quantity": "4",
        "handover-would_have_bought": "yes",
        "handover-on": f"{timezone.localdate():%Y-%m-%d}",
        **{f"handover-{name}": value for name, value in changes.items()},
    }


def test_what_was_agreed_is_filled_in_and_what_nobody_knows_is_not(client, promised, teacher):
    client.force_login(teacher)

    form = page(client.get(url("reservation", promised)))

    values = [
        form.find(attrs={"name": f"handover-{name}"}).get("value")
        for name in ["quantity", "mass_kg", "cost_sek"]
    ]
    assert values == ["4", None, None]


def test_all_that_is_needed_to_confirm_is_one_answer(client, promised, teacher):
    client.force_login(teacher)
    form = page(client.get(url("reservation", promised))).find(
        "form", action=url("confirm_handover", promised)
    )
    as_it_is = {
        each["name"]: each.get("value", "")
        for each in form.select("[name]")
        if each.get("type") != "radio"
    }

    unanswered = client.post(form["action"], as_it_is)
    client.post(form["action"], as_it_is | {"handover-would_have_bought": "partly"})

    assert page(unanswered).find(id="id_handover-would_have_bought_error")
    handover = Handover.objects.get()
    assert (handover.quantity, handover.mass_kg, handover.purchase_avoided_sek) == (4, 2, 40)
    assert (handover.stated_cost_sek, handover.is_weighed) == (None, False)


@pytest.mark.parametrize("who", ["giver", "teacher"])
def test_nobody_need_know_whether_it_would_have_been_bought(client, promised, who, request):
    client.force_login(request.getfixturevalue(who))

    client.post(url("confirm_handover", promised), handover_data(would_have_bought="unknown"))

    handover = Handover.objects.get()
    assert (handover.would_have_bought, handover.purchase_avoided_sek) == ("", 0)


@pytest.mark.parametrize(
    ("typed", "read"), [({}, "about 15 kg"), ({"mass_kg": "15,112"}, "15.112 kg")]
)
def test_a_mass_is_told_as_well_as_it_was_known(client, promised, teacher, typed, read):
    Stock.objects.update(kg_per_unit=Decimal("3.778"))
    client.force_login(teacher)

    done = client.post(url("confirm_handover", promised), handover_data(**typed), follow=True)

    assert Handover.objects.get().mass_kg == Decimal("15.112")
    assert read in page(done).find(id="ledger").parent.get_text().replace("\N{NO-BREAK SPACE}", " ")


def test_a_cost_that_was_written_counts(client, promised, teacher):
    client.force_login(teacher)

    client.post(url("confirm_handover", promised), handover_data(cost_sek="120"))

    assert Handover.objects.get().purchase_avoided_sek == 120


@pytest.fixture
def agreed_for_tomorrow(promised, giver, teacher):
    propose_pickup(reservation=promised, by=giver, pickup_at=timezone.now() + timedelta(days=1))
    return agree_pickup(reservation=promised, by=teacher)


def test_before_the_agreed_day_it_is_asked_whether_it_was_collected(
    client, agreed_for_tomorrow, teacher
):
    client.force_login(teacher)
    send = url("confirm_handover", agreed_for_tomorrow)

    asked = client.post(send, handover_data())
    counted_before = Handover.objects.count()
    client.post(send, handover_data(early="on"))

    assert error_of(asked, "handover-early")
    assert (counted_before, Handover.objects.count()) == (0, 1)


def test_on_the_agreed_day_confirming_comes_first(client, agreed_for_tomorrow, teacher):
    client.force_login(teacher)
    address = url("reservation", agreed_for_tomorrow)
    before = page(client.get(address)).find("section")
    Reservation.objects.update(pickup_at=timezone.now() - timedelta(minutes=1))

    on_the_day = page(client.get(address)).find("main").find("section")

    assert before.get("id") != "overlamning"
    assert on_the_day["id"] == "overlamning"
    assert not on_the_day.find(attrs={"name": "handover-early"})


@pytest.mark.parametrize("who", ["giver", "teacher"])
def test_either_side_confirms_the_handover(client, promised, who, request):
    client.force_login(request.getfixturevalue(who))

    client.post(url("confirm_handover", promised), handover_data())

    handover = Handover.objects.get()
    assert (handover.mass_kg, handover.purchase_avoided_sek) == (2, 80)


def corrected(promised, giver, quantity):
    handover = confirm_handover(
        reservation=promised, by=giver, quantity=4, mass_kg=18, would_have_bought="no"
    )
    correct_handover(
        handover=handover, by=giver, reason="Vägt om", quantity=quantity, mass_kg=5 * quantity
    )


def ledger_read_by(client, user, promised):
    client.force_login(user)
    return page(client.get(url("reservation", promised))).find(id="ledger").parent.find_all("li")


def test_a_corrected_handover_is_read_as_it_is_now(client, promised, giver, teacher):
    corrected(promised, giver, quantity=4)

    rows = ledger_read_by(client, teacher, promised)

    assert len(rows) == 1
    assert "4 pieces, 20 kg" in rows[0].get_text(" ", strip=True)
    assert "Correction: Vägt om" in rows[0].get_text(" ", strip=True)


def test_a_handover_that_never_was_says_so(client, promised, giver, teacher):
    corrected(promised, giver, quantity=0)

    rows = ledger_read_by(client, teacher, promised)

    assert len(rows) == 1
    assert "nothing changed hands" in rows[0].get_text(" ", strip=True)
    assert "-" not in rows[0].get_text()


def test_a_company_is_asked_about_the_school_and_need_not_know(client, promised, giver):
    client.force_login(giver)

    question = page(client.get(url("reservation", promised))).find(
        attrs={"name": "handover-would_have_bought"}
    )
    client.post(url("confirm_handover", promised), handover_data(would_have_bought="unknown"))

    words = question.find_parent("fieldset").get_text(" ", strip=True)
    assert "Would they otherwise have bought this?" in words
    assert "Do not know" in words
    assert Handover.objects.get().purchase_avoided_sek == 0


def test_a_school_says_itself_whether_it_would_have_bought(client, promised, teacher):
    client.force_login(teacher)

    response = client.post(url("confirm_handover", promised), handover_data(would_have_bought=""))

    assert "Would you otherwise have bought this?" in response.content.decode()
    assert not Handover.objects.exists()


def test_weight_and_cost_follow_the_quantity_when_left_alone(client, promised, teacher):
    client.force_login(teacher)

    client.post(url("confirm_handover", promised), handover_data(quantity="2"))

    handover = Handover.objects.get()
    assert (handover.mass_kg, handover.purchase_avoided_sek) == (1, 40)


def test_a_weight_that_was_written_counts(client, promised, teacher):
    client.force_login(teacher)

    client.post(url("confirm_handover", promised), handover_data(quantity="2", mass_kg="1,75"))

    assert Handover.objects.get().mass_kg == Decimal("1.75")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "0"),
        ("quantity", "11"),
        ("mass_kg", "-1"),
        ("mass_kg", "tungt"),
        ("cost_sek", "-5"),
        ("on", "2999-01-01"),
        ("on", "igår"),
    ],
)
def test_a_bad_handover_is_explained_next_to_its_field(client, promised, teacher, field, value):
    client.force_login(teacher)

    response = client.post(url("confirm_handover", promised), handover_data(**{field: value}))

    assert error_of(response, f"handover-{field}")
    assert Handover.objects.count() == 0


def test_confirming_twice_counts_once(client, promised, giver, teacher):
    client.force_login(giver)
    client.post(url("confirm_handover", promised), handover_data())
    client.force_login(teacher)

    response = client.post(url("confirm_handover", promised), handover_data())

    assert response.status_code == HTTPStatus.CONFLICT
    assert Handover.objects.count() == 1
