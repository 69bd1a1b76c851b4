"""Things that tests need, made the short way. Each factory makes something valid and published."""

import io
from datetime import date
from decimal import Decimal

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.base import FactoryMetaClass
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage
from stdnum import luhn
from wagtail.models import Locale

from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import ClimateFactor, MaterialCategory
from marketplace.materials.units import Unit
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Membership, Organisation
from marketplace.roles.models import Role, RoleAssignment
from marketplace.roles.services import sync_user
from marketplace.safety.answers import QUESTIONS, UNKNOWN


def picture_bytes(*, size=(64, 48), colour=(181, 101, 29), type="JPEG"):
    """The bytes of a one-coloured picture."""
    buffer = io.BytesIO()
    PillowImage.new("RGB", size, colour).save(buffer, type)
    return buffer.getvalue()


def org_number(n):
    """The n-th valid Swedish organisation number of a series reserved for tests."""
    body = f"5599{n:05d}"
    return f"{body[:6]}-{body[6:]}{luhn.calc_check_digit(body)}"


def default_locale():
    return Locale.objects.get_or_create(language_code="sv")[0]


class UserFactory(DjangoModelFactory):
    class Meta:
        model = "portal.User"
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Kim"
    last_name = factory.Sequence(lambda n: f"Larsson{n}")
    password = factory.django.Password("correct horse battery")


class SuperuserFactory(UserFactory):
    is_staff = True
    is_superuser = True


class ImageFactory(wagtail_factories.ImageFactory):
    class Meta:
        model = "portal.CustomImage"

    title = factory.Sequence(lambda n: f"Picture {n}")
    alt_text = "A brown cardboard box"
    file = factory.LazyFunction(lambda: ContentFile(picture_bytes(), name="picture.jpg"))


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    code = factory.Sequence(lambda n: f"{2000 + n}")
    name = factory.Sequence(lambda n: f"Kommun {n}")
    slug = factory.Sequence(lambda n: f"kommun-{n}")
    latitude = Decimal("56.04650")
    longitude = Decimal("12.69450")
    population = 20000
    population_year = 2019


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = MaterialCategory
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Kategori {n}")
    slug = factory.Sequence(lambda n: f"kategori-{n}")
    locale = factory.LazyFunction(default_locale)
    factor = factory.RelatedFactory(
        "tests.factories.ClimateFactorFactory", factory_related_name="category"
    )


class ClimateFactorFactory(DjangoModelFactory):
    class Meta:
        model = ClimateFactor

    category = factory.SubFactory(CategoryFactory, factor=None)
    valid_from = date(2020, 1, 1)
    kgco2e_per_kg = Decimal("2.5000")
    sek_per_kg = Decimal("40.00")
    source = "Test source"
    source_year = 2022


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    type = Organisation.Type.COMPANY
    name = factory.Sequence(lambda n: f"Snickeriet {n} AB")
    org_number = factory.Sequence(org_number)
    municipality = factory.SubFactory(MunicipalityFactory)
    approval = Organisation.Approval.APPROVED


class CompanyFactory(OrganisationFactory):
    pass


class SchoolFactory(OrganisationFactory):
    type = Organisation.Type.SCHOOL
    name = factory.Sequence(lambda n: f"Skolan {n}")
    org_number = ""
    school_unit_code = factory.Sequence(lambda n: f"9{n:07d}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(CompanyFactory)


class StockFactory(DjangoModelFactory):
    class Meta:
        model = Stock

    unit = Unit.PIECE
    kg_per_unit = Decimal("0.5")
    offered = Decimal(10)


class ListingFactory(DjangoModelFactory):
    """A published listing with ten pieces of half a kilogram each."""

    class Meta:
        model = MaterialListing
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(live=False, first_published_at=None, last_published_at=None)
        unanswered = factory.Trait(**dict.fromkeys(QUESTIONS, UNKNOWN))

    organisation = factory.SubFactory(CompanyFactory)
    category = factory.SubFactory(CategoryFactory)
    title = factory.Sequence(lambda n: f"Spillbitar {n}")
    description = "Korta bitar av furu."
    made_for = "children"
    treatment = "none"
    dust_or_smell = "none"
    loose_parts = "none"
    heat_or_food = "not_made_for_it"
    pickup_address = "Kajgatan 4"
    contact_name = "Kim Ek"
    contact_phone = "070-174 06 05"
    live = True
    first_published_at = factory.LazyFunction(timezone.now)
    last_published_at = factory.SelfAttribute("first_published_at")
    stock = factory.RelatedFactory(StockFactory, factory_related_name="listing")


class ReservationFactory(DjangoModelFactory):
    class Meta:
        model = Reservation

    listing = factory.SubFactory(ListingFactory)
    organisation = factory.SubFactory(SchoolFactory)
    requested_quantity = Decimal(2)


def give(user, *roles, municipalities=()):
    """Let `user` have `roles`, besides those they had; a coordinator's may be half, as it happens.

    Municipalities come on top of those that the coordinator has already.
    """
    for role in roles:
        assignment, _created = RoleAssignment.objects.get_or_create(user=user, role=role)
        if role == Role.COORDINATOR:
            assignment.municipalities.add(*municipalities)
    sync_user(user)
    return user


FACTORIES = [
    each
    for each in tuple(globals().values())
    if isinstance(each, FactoryMetaClass) and each.__module__ == __name__
]


def count_from_the_start():
    """Let the next of each be the first again, as in a new process."""
    for each in FACTORIES:
        each.reset_sequence(force=True)


def offer_form(**changes):
    """What a giver sends with the offer form. Without a category there is one made for it."""
    if "category" not in changes:
        changes["category"] = CategoryFactory().pk
    return {
        "title": "Off-cuts of pine",
        "description": "Short pieces",
        "condition": "good",
        "quantity": "25",
        "unit": "kartong",
        "kg_per_unit": "1,5",
        "splittable": "on",
        "recurrence": "none",
        "pickup_address": "Hamngatan 1",
        "pickup_town": "Bjuv",
        "contact_name": "Kim Ek",
        "contact_phone": "070-174 06 05",
        "send": "1",
    } | changes
