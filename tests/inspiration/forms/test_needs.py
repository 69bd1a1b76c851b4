"""A need that was answered in a form becomes a wanted ad with one tap."""

import pytest
from django.core.management import call_command

from inspiration.forms.models import FormField, FormPage
from inspiration.pages.models import HomePage
from marketplace.wanted.models import WantedAd
from tests.factories import CategoryFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(db):
    call_command("setup_portal", verbosity=0)
    CategoryFactory(name="Trä")
    CategoryFactory(name="Papper och kartong")
    home = HomePage.objects.get()
    page = FormPage(title="Vad behöver ni?", slug="behov", locale=home.locale, asks_for_needs=True)
    page.form_fields = [
        FormField(
            sort_order=0,
            label="Vilka material saknar ni?",
            field_type="checkboxes",
            required=True,
            choices="Trä,Papper och kartong,Rymdsten",
        ),
        FormField(sort_order=1, label="Hur mycket?", field_type="singleline", required=False),
    ]
    home.add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def teacher(client):
    user = MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(user)
    return user


def answer(client, form):
    data = {"vilka_material_saknar_ni": ["Trä", "Rymdsten"], "hur_mycket": "En låda."}
    return client.post(form.url, data, follow=True)


def test_each_material_that_was_ticked_and_known_has_its_tap(client, form, teacher):
    page = answer(client, form).content.decode()

    assert 'value="Trä"' in page
    assert "Rymdsten" not in page


def test_one_tap_sends_a_wanted_ad_and_a_second_none(client, form, teacher):
    answer(client, form)

    for _each in range(2):
        client.post("/behov/efterlys/", {"behov": "Trä"})

    ad = WantedAd.objects.get()
    assert (ad.title, ad.category.name) == ("Trä", "Trä")
    assert ad.description == "Hur mycket? En låda."
    assert ad.current_workflow_state is not None


def test_what_was_not_answered_cannot_be_made_one(client, form, teacher):
    assert client.post("/behov/efterlys/", {"behov": "Trä"}).status_code == 404
    answer(client, form)
    assert client.post("/behov/efterlys/", {"behov": "Papper och kartong"}).status_code == 404
    assert not WantedAd.objects.exists()


def test_a_form_that_asks_for_something_else_has_no_tap(client, form, teacher):
    form.asks_for_needs = False
    form.save_revision().publish()

    assert 'name="behov"' not in answer(client, form).content.decode()
