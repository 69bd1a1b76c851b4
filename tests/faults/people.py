"""Who is there: schools that ask, companies that give, each with a browser."""

import itertools
from dataclasses import dataclass, field

import requests
from django.conf import settings
from django.test import Client

from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)

# Each may cause and get so much mail in an hour that none of the limits is met.
SCHOOLS = 30
COMPANIES = 30


@dataclass
class Person:
    """Somebody who is signed in, and where they work."""

    user: object
    organisation: object
    cookie: str

    def browser(self, site) -> requests.Session:
        session = requests.Session()
        session.verify = site.certificate
        # Certificates that the machine trusts say nothing of ours.
        session.trust_env = False
        session.headers["Referer"] = site.url
        session.cookies.set(settings.SESSION_COOKIE_NAME, self.cookie)
        return session


def _sign_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _person(organisation) -> Person:
    member = MembershipFactory(organisation=organisation, user__password=None)
    return Person(member.user, organisation, _sign_in(member.user))


@dataclass
class People:
    """All of them, and material that nobody has asked for yet."""

    municipality: object = field(default_factory=MunicipalityFactory)
    category: object = field(default_factory=CategoryFactory)
    schools: list[Person] = field(default_factory=list)
    companies: list[Person] = field(default_factory=list)
    listings: list = field(default_factory=list)

    @classmethod
    def arrive(cls, *, schools: int = SCHOOLS, companies: int = COMPANIES) -> "People":
        people = cls()
        place = people.municipality
        people.schools = [_person(SchoolFactory(municipality=place)) for _each in range(schools)]
        people.companies = [
            _person(CompanyFactory(municipality=place)) for _each in range(companies)
        ]
        people.next_school = itertools.cycle(people.schools).__next__
        people.next_company = itertools.cycle(people.companies).__next__
        return people

    def bring(self, number: int) -> None:
        """Have at least `number` listings that nobody has asked for."""
        while len(self.listings) < number:
            company = self.next_company()
            self.listings.append(
                ListingFactory(organisation=company.organisation, category=self.category)
            )
