"""Where to go next is a path of this site or nothing; an unpublished ad tells nobody its title."""

import pytest
from django.core.management import call_command

from marketplace.wanted.models import WantedAd
from tests.factories import CategoryFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "foo",
    "marketplace:offer",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/" + "a" * 3000,
]


@pytest.fixture
def member(client):
    call_command("setup_portal", verbosity=0)
    member = MembershipFactory(organisation=SchoolFactory(), role="administrator")
    client.force_login(member.user)
    return member


def choose(client, member, after):
    return client.post(
        "/mitt/organisation/valj/", {"organisation": member.organisation.pk, "next": after}
    )


@pytest.mark.parametrize("after", ELSEWHERE)
def test_one_goes_on_within_the_site_or_to_ones_own_page(client, member, after):
    assert choose(client, member, "/material/").url == "/material/"
    assert choose(client, member, after).url == "/mitt/"


@pytest.mark.parametrize("after", ELSEWHERE)
def test_pages_do_not_repeat_another_place_to_go(client, member, after):
    page = client.get("/mitt/organisation/registrera/", {"next": "/material/"}).content.decode()
    other = client.get("/mitt/organisation/registrera/", {"next": after}).content.decode()

    assert 'value="/material/"' in page
    assert f'name="next" value="{after[:20]}' not in other


def test_an_unpublished_ad_tells_its_title_only_to_its_school(client, member):
    ad = WantedAd.objects.create(
        organisation=member.organisation,
        title="Secret title",
        description="…",
        category=CategoryFactory(),
        live=False,
    )
    own = client.get(f"/efterlysningar/{ad.pk}/")
    client.logout()
    others = client.get(f"/efterlysningar/{ad.pk}/")
    WantedAd.objects.update(live=True)
    published = client.get(f"/efterlysningar/{ad.pk}/")

    assert "secret-title" in own.url
    assert others.status_code == 404
    assert "secret-title" in published.url
