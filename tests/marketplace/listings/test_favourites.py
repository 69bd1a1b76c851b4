"""Saving a listing for later, telling a colleague of it, and reporting it."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from marketplace.listings.favourites.models import Favourite
from marketplace.notifications.delivery import write_mail
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory, UserFactory, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(title="Papprör och lock")


@pytest.fixture
def teacher(client):
    user = MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(user)
    return user


def read(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_what_is_saved_is_found_on_my_page_until_it_is_taken_away(client, teacher, listing):
    for _twice in range(2):
        client.post(f"/material/{listing.pk}/spara/")
    saved = read(client, "/mitt/").find(id="remembered")
    client.post(f"/material/{listing.pk}/spara/", {"bort": "1"})

    assert "Papprör och lock" in saved.parent.get_text()
    assert not read(client, "/mitt/").find(id="remembered")
    assert not Favourite.objects.exists()


@pytest.mark.parametrize("step", ["spara", "anmal"])
def test_what_another_municipality_has_for_itself_yet_is_not_there(client, listing, step):
    service = SchoolFactory()
    own = ListingFactory(organisation=service, first_published_at=timezone.now())
    home, far = MembershipFactory(organisation=service).user, MembershipFactory().user

    client.force_login(home)
    assert client.post(f"/material/{own.pk}/{step}/", {"text": "Spik"}).status_code == 302
    client.force_login(far)
    assert client.post(f"/material/{listing.pk}/{step}/", {"text": "Spik"}).status_code == 302

    assert client.post(f"/material/{own.pk}/{step}/", {"text": "Spik"}).status_code == 404
    assert not Favourite.objects.filter(user=far, listing=own).exists()


def test_what_was_saved_before_somebody_left_is_shown_no_more(client):
    service = SchoolFactory()
    own = ListingFactory(organisation=service, first_published_at=timezone.now())
    member = MembershipFactory(organisation=service)
    client.force_login(member.user)
    client.post(f"/material/{own.pk}/spara/")
    assert read(client, "/mitt/").find(id="remembered")

    member.delete()

    assert not read(client, "/mitt/").find(id="remembered")


def test_nobody_sees_what_others_have_saved(client, teacher, listing):
    Favourite.objects.create(user=UserFactory(), listing=listing)

    assert not read(client, "/mitt/").find(id="remembered")


def test_a_link_to_it_is_sent_to_a_colleague_without_javascript(client, listing):
    link = read(client, listing.get_absolute_url()).select_one("[data-share]")

    assert link["href"].startswith("mailto:?subject=Pappr%C3%B6r%20och%20lock&body=http")
    assert link["data-share"].endswith(listing.get_absolute_url())


def test_the_editors_are_told_what_is_wrong_and_the_company_is_not(client, teacher, listing):
    call_command("setup_portal", verbosity=0)
    editor = UserFactory()
    give(editor, "editor")
    giver = MembershipFactory(organisation=listing.organisation).user

    client.post(f"/material/{listing.pk}/anmal/", {"text": "Det sticker ut spik."})

    told = editor.notifications.get(type="listing_reported")
    assert "Det sticker ut spik." in write_mail(told).message
    assert not giver.notifications.exists()


def test_a_report_says_something(client, teacher, listing):
    page = client.post(f"/material/{listing.pk}/anmal/", {"text": " "}).content.decode()

    assert "id_text_error" in page


def test_nobody_floods_the_editors_with_reports(client, teacher, listing, time_machine):
    call_command("setup_portal", verbosity=0)
    editor = UserFactory()
    give(editor, "editor")
    time_machine.move_to(timezone.now())
    for number in range(12):
        time_machine.shift(1)
        page = client.post(f"/material/{listing.pk}/anmal/", {"text": f"Spik {number}"})

    assert editor.notifications.filter(type="listing_reported").count() == 10
    assert "för många försök" in page.content.decode()
    assert "Spik 11" in page.content.decode()
