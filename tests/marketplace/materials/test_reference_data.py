import pytest
from django.core.management import call_command

from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation.drawings import exists

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded():
    call_command("load_reference_data", verbosity=0)


def test_the_eleven_municipalities_are_there_with_population():
    assert Municipality.objects.count() == 11
    assert Municipality.objects.get(name="Klippan").population == 17756


def test_categories_have_a_name_in_both_languages():
    swedish = MaterialCategory.objects.get(slug="papphylsor-ror", locale__language_code="sv")
    english = swedish.get_translation_or_none(
        MaterialCategory.objects.get(slug="tra", locale__language_code="en").locale
    )

    assert (swedish.name, english.name) == ("Papphylsor och papprör", "Cardboard tubes and cores")


def test_every_category_has_a_factor_with_source_and_year():
    assert not MaterialCategory.objects.source().filter(factors=None).exists()
    assert not ClimateFactor.objects.filter(source="").exists()


def test_every_category_has_a_drawing_of_its_own():
    categories = MaterialCategory.objects.source()

    assert {each.slug: each.illustration for each in categories} == {
        each.slug: each.slug for each in categories
    }
    assert all(exists(each.slug) for each in categories)


def test_a_category_without_a_drawing_borrows_that_of_the_category_above():
    paper = MaterialCategory.objects.source().get(slug="papper-kartong")

    assert MaterialCategory(slug="silkespapper", parent=paper).illustration == "papper-kartong"


def test_every_category_helps_with_guessing_the_weight():
    assert not MaterialCategory.objects.filter(weight_hint="").exists()


def test_loading_again_changes_nothing_that_an_administrator_has_changed():
    MaterialCategory.objects.source().filter(slug="tra").update(name="Virke")

    call_command("load_reference_data", verbosity=0)

    assert MaterialCategory.objects.source().get(slug="tra").name == "Virke"
    assert ClimateFactor.objects.count() == 96
