"""A teacher on a phone: tells how a lesson idea went."""

import pytest
from playwright.sync_api import expect

from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.models import HomePage, InspirationIndexPage
from tests.factories import MembershipFactory, SchoolFactory, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lesson(portal):
    home = HomePage.objects.get(locale__language_code="sv")
    index = home.add_child(
        instance=InspirationIndexPage(title="Idébank", locale=home.locale, lists="lessonideapage")
    )
    page = index.add_child(instance=LessonIdeaPage(title="Kulbana", locale=home.locale))
    page.save_revision().publish()
    return page


def test_how_it_went_is_told_with_a_picture(phone, sign_in_browser, lesson, assert_accessible):
    preschool = SchoolFactory(type="preschool", name="Förskolan Myran")
    sign_in_browser(phone, MembershipFactory(organisation=preschool).user)
    phone.goto(lesson.url)

    phone.get_by_role("link", name="Berätta hur ni gjorde").tap()
    phone.get_by_label("Vad heter det?").fill("Kulbana i trappan")
    phone.get_by_label("Vad gjorde ni?").fill("Vi tejpade rören längs ledstången.")
    phone.get_by_label("Ta eller välj bilder").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    phone.get_by_label("Vad visar bilden").fill("Rör längs en trappa")
    phone.get_by_label("Jag har tittat efter").check()
    phone.get_by_label("Förskola 3–5").check()
    assert_accessible(phone)
    phone.get_by_role("button", name="Skicka för granskning").tap()

    expect(phone.get_by_role("heading", name="Era lektionstips")).to_be_visible()
    tip = LessonTip.objects.get().get_latest_revision_as_object()
    assert [photo.alt_text for photo in tip.photos.all()] == ["Rör längs en trappa"]
