"""Both sides of a reservation of `listing`, which each file has in its own words."""

import pytest

from tests.factories import MembershipFactory, SchoolFactory


@pytest.fixture
def giver(listing):
    return MembershipFactory(organisation=listing.organisation).user


@pytest.fixture
def teacher():
    return MembershipFactory(organisation=SchoolFactory(name="Björkskolan")).user
