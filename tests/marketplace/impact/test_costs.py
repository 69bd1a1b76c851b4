"""Cost shares: to the öre, always adding up, with a history and an export."""

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.costs import cost_shares, divided, whole_ore
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)


@settings(max_examples=200)
@given(
    cost=st.integers(0, 10**9),
    weights=st.lists(st.integers(0, 10**6) | st.decimals(0, 10**6, places=3), min_size=1),
)
def test_shares_always_add_up_and_none_is_off_by_an_ore(cost, weights):
    exact = divided(cost, weights)

    shares = whole_ore(exact, cost)

    assert sum(shares) == cost
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))


@settings(max_examples=100)
@given(cost=st.integers(0, 10**9), weights=st.lists(st.integers(1, 10**6), min_size=2))
def test_who_weighs_more_never_pays_less(cost, weights):
    pairs = sorted(zip(weights, whole_ore(divided(cost, weights), cost), strict=True))

    assert all(one[0] == other[0] or one[1] <= other[1] for one, other in pairwise(pairs))


def test_without_weights_all_pay_the_same():
    assert divided(90, [0, 0, 0]) == [Fraction(30)] * 3


def english(user):
    """The user with the admin in English."""
    UserProfile.objects.create(user=user, preferred_language="en")
    return user


@pytest.fixture
def three(db):
    return [
        MunicipalityFactory(code=f"100{n}", name=f"Kommun {n}", population=population)
        for n, population in enumerate([10_000, 20_000, 40_000])
    ]


def sharing(**kwargs):
    return CostSharing.objects.create(
        **{"year": 2026, "cost_sek": Decimal("100000.01"), "fixed_sek": Decimal(0)} | kwargs
    )


def paid(shares):
    return [share.cost_sek for share in shares]


def test_the_fixed_part_is_shared_equally_and_the_rest_by_population(three):
    shares = cost_shares(sharing(cost_sek=Decimal(1000), fixed_sek=Decimal(300)), three)

    assert [share.fixed_sek for share in shares] == [100, 100, 100]
    assert paid(shares) == [200, 300, 500]
    assert all(share.fixed_sek + share.rest_sek == share.cost_sek for share in shares)


def test_the_rest_can_be_shared_by_the_kilograms_of_the_year(three):
    listing = ListingFactory(organisation=CompanyFactory())
    for place, kg, day in [(0, 30, date(2026, 1, 1)), (1, 10, date(2026, 12, 31))]:
        record_handover(
            listing=listing,
            receiver=SchoolFactory(municipality=three[place]),
            facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), on=min(day, date.today())),
        )
    record_handover(
        listing=listing,
        receiver=SchoolFactory(municipality=three[2]),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(500), on=date(2025, 12, 31)),
    )

    shares = cost_shares(sharing(cost_sek=Decimal(400), basis="mass"), three)

    assert paid(shares) == [300, 100, 0]


def test_ore_that_are_left_go_to_those_who_lost_most(three):
    shares = cost_shares(sharing(cost_sek=Decimal("0.05")), three)

    assert paid(shares) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.03")]


def test_only_those_who_are_named_pay(three):
    settings_of_year = sharing(cost_sek=Decimal(300))
    settings_of_year.municipalities.set(three[:2])
    settings_of_year.save()

    shares = cost_shares(settings_of_year, three)

    assert [share.municipality for share in shares] == three[:2]
    assert sum(paid(shares)) == 300


@pytest.fixture
def boss(client, db):
    user = english(SuperuserFactory())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_settings_are_agreed_on_in_the_admin_and_keep_their_history(client, boss, three):
    form = {"year": 2026, "cost_sek": "1000", "fixed_sek": "0", "basis": "population", "note": ""}
    client.post("/admin/snippets/marketplace/costsharing/add/", form)
    agreed = CostSharing.objects.get()
    client.post(
        f"/admin/snippets/marketplace/costsharing/edit/{agreed.pk}/",
        form | {"cost_sek": "2000", "note": "New agreement"},
    )

    history = client.get(f"/admin/snippets/marketplace/costsharing/history/{agreed.pk}/")

    agreed.refresh_from_db()
    assert agreed.cost_sek == 2000
    kept = [each.as_object().cost_sek for each in agreed.revisions.order_by("pk")]
    assert kept == [1000, 2000]
    assert history.status_code == 200


def test_a_fixed_part_above_the_cost_is_refused_with_a_reason(client, boss):
    response = client.post(
        "/admin/snippets/marketplace/costsharing/add/",
        {"year": 2026, "cost_sek": "100", "fixed_sek": "200", "basis": "population", "note": ""},
    )

    assert "cannot be more than the whole cost" in response.content.decode()
    assert not CostSharing.objects.exists()


def test_the_export_is_a_basis_for_invoices_that_adds_up(client, boss, three):
    sharing()

    response = client.get("/admin/effekt/kostnader/?ar=2026&export=xlsx")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.worksheets[0].values)

    names = [row[0] for row in rows]
    to_pay = [Decimal(str(row[-1])) for row in rows[1:]]
    assert names == ["Municipality", "Kommun 0", "Kommun 1", "Kommun 2", "All together"]
    assert sum(to_pay[:-1]) == to_pay[-1] == Decimal("100000.01")


def test_the_head_of_the_report_is_written_in_the_readers_language(client, boss, three):
    sharing(cost_sek=Decimal(480_000))
    boss.wagtail_userprofile.preferred_language = "sv"
    boss.wagtail_userprofile.save()

    page = " ".join(client.get("/admin/effekt/kostnader/?ar=2026").content.decode().split())

    assert "<dd>2026</dd>" in page
    assert "<dd>480 000,00 SEK</dd>" in page


def test_the_steering_group_sees_the_shares_and_a_coordinator_does_not(client, three):
    call_command("setup_portal", verbosity=0)
    sharing()
    seen = {}
    for name in ("steering_group", "coordinator"):
        user = UserFactory()
        give(user, name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        seen[name] = client.get("/admin/effekt/kostnader/").status_code

    assert seen == {"steering_group": 200, "coordinator": 302}
