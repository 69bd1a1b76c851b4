"""Signing in with a municipality's own account, at a provider that really runs."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured

from marketplace.municipalities.models import EmailDomain
from marketplace.organisations.models import Membership
from portal.foundation.users.models import User
from portal.settings import oidc
from tests.factories import MunicipalityFactory, SchoolFactory, UserFactory
from tests.portal.site.oidc_provider import CLIENT_ID, SECRET, provider

pytestmark = pytest.mark.django_db

PERSON = {"given_name": "Kim", "family_name": "Larsson", "email": "kim@klippan.example"}


@pytest.fixture
def klippan():
    municipality = MunicipalityFactory(name="Klippan", code="1276")
    EmailDomain.objects.create(municipality=municipality, domain="klippan.example")
    return municipality


@pytest.fixture
def sign_in(client, klippan, settings):
    """A function that signs in at the municipality as somebody, and gives the last answer."""

    def do(**claims):
        with provider(**(PERSON | claims)) as server:
            settings.SOCIALACCOUNT_PROVIDERS = {
                "openid_connect": {"APPS": oidc.apps([entry(server.url)])}
            }
            away = client.post("/konto/oidc/klippan/login/")
            assert away.url.startswith(f"{server.url}/authorize")
            back = requests.get(away.url, allow_redirects=False, timeout=5).headers["Location"]
            parts = urlsplit(back)
            return client.get(f"{parts.path}?{parts.query}", follow=True)

    return do


def entry(url, **more):
    return {
        "id": "klippan",
        "name": "Klippans kommun",
        "municipality": "1276",
        "server_url": url,
        "client_id": CLIENT_ID,
        "secret": SECRET,
        **more,
    }


def test_who_is_new_says_where_they_work_and_is_in_without_a_code(client, sign_in, klippan):
    school = SchoolFactory(name="Åbyskolan", municipality=klippan)

    page = sign_in()
    form = page.context["form"]
    assert form["email"].value() == "kim@klippan.example"
    assert form["name"].value() == "Kim Larsson"
    client.post(
        "/konto/3rdparty/signup/",
        {
            "email": "kim@klippan.example",
            "name": "Kim Larsson",
            "organisation": "Åbyskolan",
        },
    )

    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Membership.objects.get(organisation=school).status == Membership.Status.ACTIVE


def test_who_has_an_account_with_the_address_is_signed_in_to_it(client, sign_in):
    user = UserFactory(email="kim@klippan.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    sign_in()

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().user == user


def test_a_municipality_cannot_sign_in_as_somebody_elsewhere(client, sign_in):
    user = UserFactory(email="boss@elsewhere.example", is_superuser=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    sign_in(email="boss@elsewhere.example", email_verified=True)

    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_an_address_elsewhere_is_confirmed_by_a_code_like_any_other(client, sign_in):
    sign_in(email="kim@elsewhere.example", email_verified=True)
    client.post(
        "/konto/3rdparty/signup/",
        {
            "email": "kim@elsewhere.example",
            "name": "Kim Larsson",
        },
    )

    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_the_sign_in_page_offers_the_municipality_only_where_it_is_configured(
    client, settings, klippan
):
    assert "Klippans kommun" not in client.get("/konto/login/").content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": oidc.apps([entry("https://login.klippan.example")])}
    }
    assert "Klippans kommun" in client.get("/konto/login/").content.decode()


def test_forms_may_lead_to_the_provider_and_nowhere_else():
    found = oidc.origins(
        [entry("https://login.klippan.example/realm", origins=["https://b.example"])]
    )

    assert list(found) == ["https://login.klippan.example", "https://b.example"]


def test_a_provider_without_a_secret_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="secret"):
        oidc.apps([entry("https://login.klippan.example", secret="")])
