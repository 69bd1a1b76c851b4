"""Swedish numbers are understood as people write them; a personal number is never kept."""

import pytest

from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from marketplace.organisations.registration.organisation_form import OrganisationForm
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer():
    municipality = MunicipalityFactory()

    def answer(**values):
        data = {"type": "company", "name": "Sundets Snickeri", "municipality": municipality.pk}
        return OrganisationForm(data | values)

    return answer


@pytest.mark.parametrize(
    "written",
    [
        "556703-7485",
        "5567037485",
        "16556703-7485",
        "SE556703748501",
        "se 556703-7485 01",
        "556703–7485",
        "556703\u20117485",
        "556703\u00ad-7485",
        "556703−7485",
    ],
)
def test_an_organisation_number_is_read_however_it_is_written(answer, written):
    form = answer(org_number=written)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["org_number"] == "556703-7485"


@pytest.mark.parametrize("written", ["252 21", "25221", "SE-252 21", "S-25221", "252-21"])
def test_a_postcode_is_read_however_it_is_written(answer, written):
    form = answer(org_number="5567037485", postcode=written)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["postcode"] == "252 21"


@pytest.mark.parametrize("written", ["2522", "abcde", "02521"])
def test_what_is_no_postcode_is_refused(answer, written):
    assert "postcode" in answer(org_number="5567037485", postcode=written).errors


def test_a_school_unit_code_may_have_a_space(answer):
    form = answer(type="school", school_unit_code="1234 5678")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["school_unit_code"] == "12345678"


@pytest.mark.parametrize("written", ["811218-9876", "19811218-9876", "8112189876"])
def test_a_personal_number_is_refused_with_the_way_in(answer, written):
    form = answer(org_number=written)

    assert "Enskild firma" in str(form.errors["org_number"])


def test_a_sole_trader_registers_with_name_and_address(answer):
    form = answer(sole_trader="on", address="Storgatan 1")

    assert form.is_valid(), form.errors
    organisation = form.save()
    assert (organisation.org_number, organisation.approval) == ("", "pending")
    assert Municipality.objects.get() == organisation.municipality


def test_a_sole_trader_without_an_address_is_asked_for_it(answer):
    assert "address" in answer(sole_trader="on").errors
    assert not Organisation.objects.exists()
