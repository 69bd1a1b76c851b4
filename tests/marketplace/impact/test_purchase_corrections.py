"""A reported purchase that is wrong is corrected with a reason, and what it said is kept."""

from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.impact.purchases.models import (
    CorrectionIsAppendOnly,
    PurchaseCorrection,
    PurchaseReport,
)
from marketplace.impact.purchases.services import Purchase, correct_purchase, report_purchases
from portal.foundation.audit.models import AuditEvent
from tests.factories import (
    CategoryFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
LIST = "/admin/marketplace/purchasereport/"


@pytest.fixture
def report():
    """100 kg of wood for 4,000 SEK, where 10 kg were meant."""
    school = SchoolFactory()
    report_purchases(
        organisation=school,
        year=2026,
        term="vt",
        purchases=[Purchase(CategoryFactory(name="Trä", slug="tra"), mass_kg=Decimal(100))],
        by=MembershipFactory(organisation=school).user,
    )
    return PurchaseReport.objects.get()


@pytest.fixture
def coordinator(client, report):
    user = give(UserFactory(language="en"), "coordinator", municipalities=[report.municipality])
    client.force_login(user)
    return user


def correct(client, report, **typed):
    path = reverse("correct_purchase", args=[report.pk])
    return client.post(path, {"reason": "A zero too many", **typed})


def test_the_row_says_what_was_bought_and_keeps_what_it_said(client, report, coordinator):
    said = report.cost_sek

    assert correct(client, report, mass_kg="10").status_code == 302

    report.refresh_from_db()
    assert (report.mass_kg, report.cost_sek) == (10, said / 10)
    kept = PurchaseCorrection.objects.get()
    assert (kept.report, kept.corrected_by, kept.reason) == (
        report,
        coordinator,
        "A zero too many",
    )
    assert (kept.mass_kg_before, kept.cost_sek_before) == (100, said)
    event = AuditEvent.objects.get(type="corrected")
    assert (event.actor, event.target_id) == (coordinator.pk, str(report.pk))


def test_whoever_looks_at_the_row_reads_why(client, report, coordinator):
    correct(client, report, mass_kg="10")

    page = client.get(f"{LIST}inspect/{report.pk}/").content.decode()
    assert "A zero too many" in page
    assert "100" in page


def test_no_correction_without_a_reason(client, report, coordinator):
    page = correct(client, report, mass_kg="10", reason="")

    assert page.context["form"].errors["reason"]
    assert 'value="10"' in page.content.decode()
    assert PurchaseReport.objects.get().mass_kg == 100
    assert not PurchaseCorrection.objects.exists()


def test_nothing_bought_leaves_the_row_with_nothing(client, report, coordinator):
    correct(client, report, mass_kg="", cost_sek="")

    row = PurchaseReport.objects.get()
    assert (row.mass_kg, row.cost_sek) == (0, 0)


def test_coordinators_correct_in_their_own_municipality(client, report, coordinator):
    page = reverse("correct_purchase", args=[report.pk])
    assert page in client.get(LIST).content.decode()
    assert client.get(page).status_code == 200

    elsewhere = give(UserFactory(), "coordinator", municipalities=[MunicipalityFactory()])
    client.force_login(elsewhere)

    assert report.organisation.name not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}inspect/{report.pk}/").status_code == 404
    assert correct(client, report, mass_kg="10").status_code == 404
    assert PurchaseReport.objects.get().mass_kg == 100


@pytest.mark.parametrize(("role", "may"), [("editor", True), ("support", False)])
def test_editors_correct_everywhere_and_others_nowhere(client, report, role, may):
    client.force_login(give(UserFactory(), role))

    correct(client, report, mass_kg="10")

    assert (PurchaseReport.objects.get().mass_kg == 10) is may


def test_a_correction_outlives_the_row_that_a_school_drops(report):
    editor = UserFactory()
    correct_purchase(report=report, by=editor, reason="Wrong", mass_kg=Decimal(10), cost_sek=None)
    report_purchases(
        organisation=report.organisation, year=2026, term="vt", purchases=[], by=editor
    )

    assert not PurchaseReport.objects.exists()
    kept = PurchaseCorrection.objects.get()
    assert (kept.report, kept.organisation, kept.mass_kg_before) == (
        None,
        report.organisation,
        100,
    )


def test_a_correction_is_not_rewritten(report):
    kept = correct_purchase(
        report=report, by=None, reason="Wrong", mass_kg=Decimal(10), cost_sek=None
    )
    kept.reason = "Better words"

    with pytest.raises(CorrectionIsAppendOnly):
        kept.save()
    with pytest.raises(CorrectionIsAppendOnly):
        PurchaseCorrection.objects.update(reason="Better words")
    assert PurchaseCorrection.objects.get().reason == "Wrong"
