"""The net climate effect: derived, with a range, and without changing what the ledger holds."""

from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.impact import figures
from marketplace.impact.figures.climate import Rate, displaced, rates, wilson
from marketplace.impact.figures.formatting import figure
from marketplace.impact.yearly_reports.pdf import yearly_report
from marketplace.transport.models import Carrier, Drive, Round, Run, Tour
from tests.factories import (
    ClimateFactorFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
)


def hand_over(answer, *, receiver=None, kg=10, listing=None):
    """Ten kilograms at 2.5 kg CO2e each, unless something else is said."""
    return record_handover(
        listing=listing or ListingFactory(),
        receiver=receiver or SchoolFactory(),
        facts=HandoverFacts(quantity=1, mass_kg=Decimal(kg), would_have_bought=answer),
    )


def drive(handover, *, km="10", factor="0.2"):
    carrier = Carrier.objects.create(
        municipality=handover.receiver_municipality,
        name="Vaktmästeriet",
        type="caretakers",
        vehicle="van",
    )
    round_ = Round.objects.create(
        carrier=carrier,
        weekday=1,
        starts=time(8),
        ends=time(16),
        capacity_kg=1,
        capacity_litres=1,
        start_name="A",
    )
    run = Run.objects.create(round=round_, date=date(2026, 12, 8))
    return Drive.objects.create(
        handover=handover,
        tour=Tour.objects.create(run=run, number=1),
        vehicle="van",
        km=Decimal(km),
        kgco2e_per_km=factor and Decimal(factor),
        factor_source="Test source",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "net"), [("yes", 25), ("partly", "12.5"), ("no", 0)])
def test_the_displaced_share_applies_to_the_climate_as_to_money(answer, net):
    hand_over(answer)

    climate = figures.climate(figures.handovers())

    assert climate.gross == 25
    assert climate.low == climate.net == climate.high == Decimal(net)


@pytest.mark.django_db
def test_without_any_answer_it_may_be_anything_and_half_is_in_the_middle():
    hand_over("")

    climate = figures.climate(figures.handovers())

    assert (climate.low, climate.net, climate.high) == (0, Decimal("12.5"), 25)


@pytest.mark.django_db
def test_what_nobody_answered_has_the_rate_of_its_own_municipality():
    here, elsewhere = SchoolFactory(), SchoolFactory()
    for answer in ("yes", "yes", "no", "partly"):
        hand_over(answer, receiver=here)
    hand_over("no", receiver=elsewhere)
    hand_over("", receiver=here, kg=100)

    known = rates()
    parts = figures.climate_by_municipality(figures.handovers())

    assert known[here.municipality_id].middle == Decimal("0.6250")
    assert known[elsewhere.municipality_id].middle == 0
    own = parts[here.municipality_id]
    assert own.net == Decimal("62.5") + 250 * Decimal("0.625")
    assert own.low < own.net < own.high < own.gross


@pytest.mark.django_db
def test_kilometres_are_taken_off():
    school = SchoolFactory()
    drive(hand_over("yes", receiver=school), km="10", factor="0.2")
    drive(hand_over("yes", receiver=school), km="7.5", factor=None)

    climate = figures.climate(figures.handovers())

    assert (climate.gross, climate.transport, climate.net) == (50, 2, 48)
    assert (climate.km, climate.km_without_factor) == (Decimal("17.5"), Decimal("7.5"))


@pytest.mark.django_db
def test_gross_is_what_the_ledger_holds_before_and_after_somebody_drives():
    handover = hand_over("no")
    before = figures.totals(figures.handovers())
    row = Handover.objects.values().get()

    drive(handover)

    assert figures.totals(figures.handovers()) == before
    assert Handover.objects.values().get() == row
    assert figures.climate(figures.handovers()).gross == before["co2e_kg"] == 25
    assert figures.climate(figures.handovers()).net == -2


@pytest.mark.django_db
def test_a_correction_counts_once():
    handover = hand_over("yes")
    correct_handover(handover=handover, by=None, reason="Wrong", quantity=1, mass_kg=Decimal(4))

    climate = figures.climate(figures.handovers())

    assert climate.net == climate.gross == 10
    assert rates()[handover.receiver_municipality_id].answers == 1


@pytest.mark.django_db
def test_the_parts_of_municipalities_are_the_whole():
    for answer in ("yes", "", "partly", "no", ""):
        drive(hand_over(answer, receiver=SchoolFactory(), kg=7), km="3.3", factor="0.21")

    parts = figures.climate_by_municipality(figures.handovers()).values()
    whole = figures.climate(figures.handovers())

    for name in ("gross", "low", "net", "high", "transport", "km"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


@given(st.floats(0, 1), st.integers(0, 5000))
def test_the_interval_is_around_the_share_and_within_bounds(share, count):
    low, high = wilson(share, count)

    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


@given(st.decimals(0, 100000, places=3), st.sampled_from(["", *Handover.WouldHaveBought.values]))
def test_never_more_than_gross_and_in_order(gross, answer):
    rate = Rate(Decimal("0.2"), Decimal("0.4"), Decimal("0.7"), 12)

    climate = displaced(gross, answer, rate)

    assert 0 <= climate.low <= climate.net <= climate.high <= climate.gross


# --- Where it is shown ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_shows_gross_net_range_and_method(client):
    drive(hand_over("yes", kg=1000), km="100", factor="0.2")

    page = client.get("/en/effekt/").content.decode()

    assert "Climate effect, net" in page
    assert "2,480" in page
    assert "gross 2,500" in page
    assert "Method 2." in page
    assert "it does not include the uncertainty of the climate factors" in page
    assert "careful" not in page


@pytest.mark.django_db
def test_nothing_says_careful_any_more(client):
    page = client.get("/en/effekt/faktorer/").content.decode()

    assert "gross effect" in page
    assert "careful" not in page
    assert "försiktig" not in client.get("/effekt/faktorer/").content.decode()


@pytest.mark.django_db
def test_the_api_has_gross_and_net_with_the_method(client):
    place = MunicipalityFactory(code="1276")
    drive(hand_over("partly", receiver=SchoolFactory(municipality=place)), km="10", factor="0.1")

    whole = client.get("/api/v1/figures").json()

    assert (whole["co2e_kg"], whole["co2e_net_kg"], whole["transport_co2e_kg"]) == (25, 11.5, 1)
    assert (whole["co2e_net_low_kg"], whole["co2e_net_high_kg"]) == (11.5, 11.5)
    assert whole["climate_method"] == "2"
    own = next(
        each
        for each in client.get("/api/v1/figures/municipalities").json()
        if each["municipality"] == "1276"
    )
    assert own["co2e_net_kg"] == 11.5


@pytest.mark.django_db
def test_a_statement_says_how_much_is_compared_and_gives_a_sentence_to_quote(client):
    company = CompanyFactory(name="Snickeriet AB")
    checked = ListingFactory(organisation=company)
    checked.category.factors.update(verified=True, source="A checked source")
    unchecked = ListingFactory(organisation=company)
    ClimateFactorFactory(category=unchecked.category, valid_from="2021-01-01", source="A guess")
    hand_over("yes", listing=checked, kg=30)
    hand_over("no", listing=unchecked, kg=70)
    seller = MembershipFactory(organisation=company).user
    client.force_login(seller, backend="django.contrib.auth.backends.ModelBackend")

    year = timezone.localdate().year
    response = client.get(f"/en/mitt/effekt/{company.pk}/{year}.pdf")

    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split()
    )
    assert "30 % of the kilograms" in text
    assert "it does not include the uncertainty of the climate factors" in text
    assert "directive (EU) 2024/825" in text
    assert "By method 2" in text
    assert "75 kg CO₂e" in text
    assert "says nothing about the company's products" in text.replace("’", "'")


@pytest.mark.django_db
def test_reports_the_yearly_report_and_open_data_show_the_same_net_as_the_page(client):
    school = SchoolFactory()
    other = SchoolFactory(municipality=school.municipality)
    drive(hand_over("partly", receiver=school, kg=100), km="10", factor="0.2")
    hand_over("", receiver=other, kg=40)
    whole = figures.climate(figures.handovers())
    assert whole.low < whole.net < whole.high < whole.gross
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    year = timezone.localdate().year

    for report in ("kommuner", "material", "manader"):
        found = client.get(f"/admin/effekt/{report}/").context["object_list"]
        parts = [row.values for row in found if not row.is_total]
        for key, value in whole.values.items():
            assert sum(part[key] for part in parts) == value
    organisations = client.get("/admin/effekt/organisationer/").context["object_list"]
    received = [row.values for row in organisations if row.values["received_kg"]]
    assert sum(values["co2e_net_kg"] for values in received) == whole.net
    rows = client.get("/api/v1/figures/rows").json()["items"]
    assert sum(row["co2e_net_kg"] for row in rows) == pytest.approx(float(whole.net))
    groups = figures.climate_by(figures.handovers(), "month", "category").values()
    assert sum(part.net for part in groups) == whole.net

    pdf = yearly_report(municipalities=[school.municipality], year=year, name="Klippan")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    for value, key in ((whole.net, "co2e_net_kg"), (whole.low, "co2e_net_low_kg")):
        assert " ".join(str(figure(value, key)).split()) in text
    assert "Version 2" in text
