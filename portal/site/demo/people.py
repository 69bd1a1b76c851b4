"""Organisations, the people in them, and one sign-in per role."""

from dataclasses import dataclass
from decimal import Decimal

from allauth.account.models import EmailAddress

from marketplace.municipalities.models import EmailDomain, Municipality, MunicipalityGoal
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.school_units.reading import read_units
from marketplace.organisations.school_units.services import carry_out, plan
from marketplace.roles.models import Role
from marketplace.roles.services import give_role
from portal.foundation.users.models import User
from portal.site.demo.files import FOLDER, rows
from portal.site.starter.pages import CONTENT, read
from portal.site.terms.models import TermsAcceptance, TermsVersion

PASSWORD = "provabruk-demo"  # noqa: S105  # printed on purpose, and only where the demo is loaded


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as: `staff_role` gives rights in the admin, `organisation` a side."""

    name: str
    role: str
    first_name: str
    last_name: str
    organisation: str = ""
    staff_role: str = ""
    municipality: str = ""

    @property
    def email(self):
        return f"{self.name}@demo.example"


SIGN_INS = [
    SignIn("foretag", "company", "Frida", "Företagsson", "Sagoskogens Snickeri AB"),
    SignIn("skola", "school", "Selma", "Skolin", "Sundets Exempelskola"),
    SignIn("forskola", "preschool", "Folke", "Förskolin", "Exempelförskolan Kotten"),
    SignIn("redaktor", "editor", "Rakel", "Redaktörsson", staff_role=Role.EDITOR),
    SignIn("kommunikator", "communicator", "Kim", "Kommunikatörsson", staff_role=Role.COMMUNICATOR),
    SignIn(
        "samordnare",
        "coordinator of Helsingborg",
        "Sam",
        "Samordnarsson",
        staff_role=Role.COORDINATOR,
        municipality="helsingborg",
    ),
    SignIn("styrgrupp", "steering group", "Stina", "Styrgruppsson", staff_role=Role.STEERING_GROUP),
    SignIn("admin", "administrator", "Ada", "Adminsson", staff_role=Role.ADMINISTRATOR),
]


def is_loaded():
    """Whether the demo has been put into this database before."""
    return User.objects.filter(email=SIGN_INS[-1].email).exists()


def create_organisations():
    """All organisations with one administrator each; returns {name: Organisation}."""
    municipalities = {each.slug: each for each in Municipality.objects.all()}
    for slug, municipality in municipalities.items():
        EmailDomain.objects.create(municipality=municipality, domain=f"{slug}.demo.example")
    created = {}
    for row in rows("content/organisations.csv"):
        organisation = Organisation.objects.create(
            type=row["type"],
            name=row["name"],
            municipality=municipalities[row["municipality"]],
            org_number=row["org_number"],
            school_unit_code=row["school_unit_code"],
            address=row["address"],
            postcode=row["postcode"],
            town=row["town"],
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
            contact_name=row["contact_name"],
            contact_email=row["contact_email"],
            contact_phone=row["contact_phone"],
            approval=row["approval"],
            trusted=row["trusted"] == "yes",
        )
        first_name, last_name = row["contact_name"].split(" ", 1)
        join(
            create_user(row["contact_email"], first_name=first_name, last_name=last_name),
            organisation,
        )
        created[organisation.name] = organisation
    return created


def import_school_units():
    """Schools and preschools that nobody has an account at yet, as a municipality lists them."""
    units = read_units((FOLDER / "content" / "school_units.csv").read_bytes())
    carry_out(plan(units, municipalities=Municipality.objects.all()))


def create_user(email, *, password=None, **fields):
    """A user whose address is confirmed; without a password only a code by mail signs them in."""
    user = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def join(user, organisation):
    return Membership.objects.create(
        user=user, organisation=organisation, role=Membership.Role.ADMINISTRATOR
    )


def create_sign_ins(organisations):
    """The users of `SIGN_INS`; returns {name: User}."""
    created = {}
    for sign_in in SIGN_INS:
        user = create_user(
            sign_in.email,
            password=PASSWORD,
            first_name=sign_in.first_name,
            last_name=sign_in.last_name,
        )
        if sign_in.staff_role:
            places = Municipality.objects.filter(slug=sign_in.municipality)
            give_role(user=user, role=Role(sign_in.staff_role), municipalities=places)
        if sign_in.organisation:
            join(user, organisations[sign_in.organisation])
        created[sign_in.name] = user
    return created


def accept_terms():
    """Terms of use that everybody in the demo has accepted, so that nobody is asked."""
    terms = TermsVersion.objects.create(number=1, **read(CONTENT / "terms.toml"))
    TermsAcceptance.objects.bulk_create(
        TermsAcceptance(user=user, terms=terms) for user in User.objects.all()
    )


def set_goals(year):
    """Each municipality has set a goal for `year`."""
    MunicipalityGoal.objects.bulk_create(
        MunicipalityGoal(municipality=municipality, year=year, kg=100)
        for municipality in Municipality.objects.exclude(goals__year=year)
    )
