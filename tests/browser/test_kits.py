"""A teacher on a phone: from a question to a kit that has been asked for."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import HomePage, InspirationIndexPage
from search.index.entries import refresh_all
from tests.factories import CategoryFactory, ListingFactory, MembershipFactory, SchoolFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lesson(portal):
    home = HomePage.objects.get(locale__language_code="sv")
    index = home.add_child(instance=InspirationIndexPage(title="Idébank", locale=home.locale))
    tubes = CategoryFactory(name="Hylsor")
    page = LessonIdeaPage(
        title="Bygg en rymdraket", age_groups=["forskola-1-3"], locale=home.locale
    )
    page.materials = [LessonMaterial(category=tubes, quantity=Decimal(3), unit="st", per="child")]
    index.add_child(instance=page)
    page.save_revision().publish()
    ListingFactory(title="Papphylsor", category=tubes, stock__offered=100)
    ListingFactory(title="Dragkedjor", category=tubes, stock__offered=100, loose_parts="small")
    refresh_all()
    return page


def test_from_a_question_to_a_sent_kit_in_six_interactions(
    phone, sign_in_browser, lesson, assert_accessible
):
    preschool = SchoolFactory(type="preschool", name="Förskolan Myran")
    sign_in_browser(phone, MembershipFactory(organisation=preschool).user)
    phone.goto("/sok/")

    phone.locator("#q").fill("rymdraket")
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="Bygg en rymdraket").first.tap()
    phone.get_by_label("Barn eller elever").fill("12")
    phone.get_by_role("button", name="Föreslå ett kit").tap()
    expect(phone.get_by_role("heading", name="Allt finns")).to_be_visible()
    expect(phone.get_by_text("36 stycken").first).to_be_visible()
    # What has small parts is not even there to be chosen for one-year-olds.
    assert "Dragkedjor" not in phone.content()
    assert_accessible(phone)
    phone.get_by_role("button", name="Boka hela kitet").tap()

    expect(phone.get_by_text("Kitet är bokat")).to_be_visible()
    assert_accessible(phone)
    assert LessonKit.objects.get().reservations.get().requested_quantity == 36
