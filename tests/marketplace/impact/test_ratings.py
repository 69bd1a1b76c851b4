"""The one question after a handover."""

import pytest

from marketplace.impact.ratings.models import Rating
from tests.factories import MembershipFactory, ReservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reservation():
    return ReservationFactory(state="collected", accepted_quantity=2)


@pytest.fixture
def teacher(client, reservation):
    user = MembershipFactory(organisation=reservation.organisation).user
    client.force_login(user)
    return user


def answer(client, reservation, **data):
    return client.post(f"/en/mitt/bokningar/{reservation.pk}/betyg/", data)


def test_either_side_answers_with_one_choice(client, reservation, teacher):
    answer(client, reservation, score="4")
    client.force_login(MembershipFactory(organisation=reservation.giver).user)
    answer(client, reservation, score="5", text="Easy")

    assert list(Rating.objects.order_by("pk").values_list("score", "organisation", "text")) == [
        (4, reservation.organisation_id, ""),
        (5, reservation.listing.organisation_id, "Easy"),
    ]


def test_answering_again_changes_the_answer(client, reservation, teacher):
    answer(client, reservation, score="2")
    answer(client, reservation, score="4")

    assert Rating.objects.get().score == 4


@pytest.mark.parametrize("score", ["", "0", "6", "good"])
def test_an_answer_that_is_no_choice_is_explained(client, reservation, teacher, score):
    response = answer(client, reservation, score=score)

    assert b"field__error" in response.content
    assert not Rating.objects.exists()


def test_before_the_handover_there_is_nothing_to_rate(client, reservation, teacher):
    type(reservation).objects.filter(pk=reservation.pk).update(state="accepted")

    answer(client, reservation, score="5")

    assert not Rating.objects.exists()


def test_the_rating_counts_where_the_side_belonged_then(client, reservation, teacher):
    answer(client, reservation, score="5")

    assert Rating.objects.get().municipality == reservation.organisation.municipality


def test_the_question_is_on_the_page_of_the_reservation(client, reservation, teacher):
    page = client.get(f"/en/mitt/bokningar/{reservation.pk}/").content.decode()

    assert f"/en/mitt/bokningar/{reservation.pk}/betyg/" in page
