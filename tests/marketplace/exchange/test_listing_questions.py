"""A question to the giver before anything is reserved."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.exchange.listing_questions.services import answer_question, ask_about
from marketplace.exchange.reservations.models import Reservation
from portal.foundation.privacy.personal_data import erase
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(title="Papprör")


@pytest.fixture
def teacher():
    school = SchoolFactory(name="Björkskolan")
    return MembershipFactory(organisation=school, user__first_name="Ada").user


def read(client, user, address):
    client.force_login(user)
    return BeautifulSoup(client.get(address).content, "html.parser").get_text(" ", strip=True)


def test_a_question_reserves_nothing_and_waits_for_the_giver(
    client, teacher, giver, listing, django_capture_on_commit_callbacks
):
    client.force_login(teacher)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/material/{listing.pk}/fraga/", {"text": "Hur långa är de?"})

    assert not Reservation.objects.exists()
    (letter,) = mail.outbox
    assert letter.to == [giver.email]
    assert "Hur långa är de?" in letter.body
    assert "Björkskolan" in letter.body
    assert "Hur långa är de?" in read(client, giver, "/mitt/")
    assert "Papprör" in read(client, teacher, "/mitt/")


def test_the_answer_goes_to_who_asked_and_no_longer_waits(
    client, teacher, giver, listing, django_capture_on_commit_callbacks
):
    question = ask_about(listing=listing, by=teacher, text="Hur långa är de?")
    client.force_login(giver)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/mitt/fragor/{question.pk}/", {"answer": "En meter."})

    assert [letter.to for letter in mail.outbox] == [[teacher.email]]
    assert "En meter." in read(client, teacher, f"/mitt/fragor/{question.pk}/")
    assert "Hur långa är de?" not in read(client, giver, "/mitt/")


def test_only_the_giver_answers_and_only_the_two_of_them_read_it(client, teacher, giver, listing):
    question = ask_about(listing=listing, by=teacher, text="Hur långa är de?")
    other = ask_about(listing=listing, by=UserFactory(), text="Hur tunga är de?")
    address = f"/mitt/fragor/{question.pk}/"

    def answers():
        return dict(ListingQuestion.objects.values_list("pk", "answer"))

    def answered_by(user):
        client.force_login(user)
        said = client.post(address, {"answer": "En meter.", "is_shown": "on"}).status_code
        return client.get(address).status_code, said

    assert answered_by(MembershipFactory().user) == (404, 404)
    assert answered_by(teacher) == (200, 403)
    assert answers() == {question.pk: "", other.pk: ""}
    assert answered_by(giver) == (200, 302)
    assert answers() == {question.pk: "En meter.", other.pk: ""}


def test_a_giver_does_not_ask_about_what_is_its_own(client, teacher, giver, listing):
    address = f"/material/{listing.pk}/fraga/"

    client.force_login(giver)
    assert client.post(address, {"text": "Finns de?"}).status_code == 403
    assert not ListingQuestion.objects.exists()

    client.force_login(teacher)
    assert client.post(address, {"text": "Finns de?"}).status_code == 302
    assert ListingQuestion.objects.get().asked_by == teacher


@pytest.mark.parametrize("shown", [True, False])
def test_everybody_reads_it_only_if_the_giver_says_so_and_never_by_whom(
    client, teacher, giver, listing, shown
):
    question = ask_about(listing=listing, by=teacher, text="Hur långa är de?")
    client.force_login(giver)
    data = {"answer": "En meter.", **({"is_shown": "on"} if shown else {})}
    client.post(f"/mitt/fragor/{question.pk}/", data)

    page = read(client, UserFactory(), listing.get_absolute_url())

    assert ("En meter." in page) == shown
    assert "Ada" not in page

    client.force_login(giver)
    client.post(f"/mitt/fragor/{question.pk}/", {} if shown else {"is_shown": "on"})
    page = read(client, UserFactory(), listing.get_absolute_url())
    assert ("En meter." in page) != shown


def test_the_second_of_two_colleagues_who_answer_is_told(client, teacher, giver, listing):
    question = ask_about(listing=listing, by=teacher, text="Hur långa är de?")
    client.force_login(giver)
    client.get(f"/mitt/fragor/{question.pk}/")
    answer_question(question=question, by=giver, answer="En meter.")

    late = client.post(f"/mitt/fragor/{question.pk}/", {"answer": "Två meter."})

    assert late.status_code == 409
    assert ListingQuestion.objects.get().answer == "En meter."
    assert teacher.notifications.count() == 1


def test_an_empty_question_is_refused_and_a_long_answer_kept(client, teacher, giver, listing):
    client.force_login(teacher)
    page = client.post(f"/material/{listing.pk}/fraga/", {"text": " "})
    assert page.context["form"].errors

    question = ask_about(listing=listing, by=teacher, text="Hur långa är de?")
    client.force_login(giver)
    page = client.post(f"/mitt/fragor/{question.pk}/", {"answer": "a" * 2001})
    assert "a" * 2001 in page.content.decode()
    assert not ListingQuestion.objects.get().answer


def test_who_leaves_takes_their_questions_along(client, teacher, giver, listing):
    ask_about(listing=listing, by=teacher, text="Hur långa är de?")

    erase(teacher)

    assert not ListingQuestion.objects.exists()
    assert not giver.notifications.exists()
