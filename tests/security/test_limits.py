"""Limits are shared, cannot be washed out, know the proxy, and shut out nobody but the one."""

import itertools
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.organisations.models import Organisation
from portal.foundation import throttling
from portal.foundation.limits import store as limit_store
from portal.foundation.users.models import User
from portal.site.accounts.codes import sent_to
from tests.factories import MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db
DATABASE = {"BACKEND": "portal.foundation.limits.store.DatabaseStore"}
LOGIN = "/konto/login/"


@pytest.fixture
def in_database(settings):
    """The limits as in production: counted in the database."""
    settings.CACHES = settings.CACHES | {"limits": DATABASE}


def wrong_sign_in(client, email, **headers):
    return client.post(LOGIN, {"login": email, "password": "wrong"}, **headers)


def is_locked(client, email, **headers):
    response = client.post(LOGIN, {"login": email, "password": "correct horse battery"}, **headers)
    return response.status_code == 200


def test_the_lock_on_sign_in_is_not_washed_out_by_visits_to_pages(in_database, client):
    user = UserFactory()
    for _try in range(5):
        wrong_sign_in(client, user.email)

    for day in range(1, 29):
        for month in range(1, 12):
            cache.set(f"effect-{month}-{day}", "figures")
    cache.clear()

    assert is_locked(client, user.email)


def test_who_mistypes_once_signs_in(in_database, client):
    user = UserFactory()
    wrong_sign_in(client, user.email)

    assert not is_locked(client, user.email)


def test_a_new_process_knows_what_another_has_counted(in_database):
    for _try in range(3):
        assert throttling.allows("class_link_idea", key="one")
    settings_of_another = caches.create_connection("limits")

    assert len(limit_store.entries()) == 1
    key = limit_store.entries().get().key.removeprefix(":1:")
    assert len(settings_of_another.get(key)) == 3


def test_counters_whose_time_is_over_are_removed_and_others_stay(in_database, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    throttling.allows("class_link_idea", key="one")
    throttling.allows("mail_recipient", key="two")
    time_machine.move_to("2026-11-02 11:30:00+00:00", tick=False)

    limit_store.forget_expired()

    assert ["mail_recipient" in each.key for each in limit_store.entries()] == [True]


def test_the_store_keeps_and_forgets_as_caches_do(in_database, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    store = caches["limits"]

    assert store.add("key", [1, "å"], 60)
    assert not store.add("key", [2], 60)
    assert store.get("key") == [1, "å"]
    store.set("key", 3, 60)
    assert store.get("key") == 3

    time_machine.move_to("2026-11-02 10:02:00+00:00", tick=False)
    assert store.get("key") is None
    assert store.add("key", 4, None)
    assert store.get("key") == 4
    assert store.delete("key")
    assert not store.delete("key")


def test_counting_once_is_one_statement_for_each_step(in_database):
    # Allauth's limiter locks, reads, writes and unlocks, for a rate.
    throttling.allows("class_link_idea", key="one")
    with CaptureQueriesContext(connection) as queries:
        throttling.allows("class_link_idea", key="one")

    assert len(queries) == 4


def visitors(count, path, data, **headers):
    """The status codes of `count` browsers behind one address that each send a form once."""
    return [
        Client(headers={"User-Agent": f"Browser {number}"}).post(path, data, **headers).status_code
        for number in range(count)
    ]


@pytest.mark.parametrize("proxies", [0, 1])
def test_one_who_floods_the_account_forms_does_not_shut_out_the_school(
    in_database, settings, proxies
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.7"} if proxies else {}
    user = UserFactory()
    flooding = Client(headers={"User-Agent": "One browser"})
    floods = [wrong_sign_in(flooding, f"x{n}@example.org", **headers) for n in range(25)]

    assert floods[-1].status_code == 429
    assert not is_locked(Client(headers={"User-Agent": "Another"}), user.email, **headers)


def test_behind_a_proxy_each_address_counts_by_itself(in_database, settings, rf, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def came_from(address):
        return rf.post("/", REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=address)

    for _visit in range(120):
        assert throttling.allows("api", request=came_from("192.0.2.1"))

    assert not throttling.allows("api", request=came_from("192.0.2.1"))
    assert throttling.allows("api", request=came_from("192.0.2.2"))


def test_without_a_proxy_what_a_visitor_says_of_the_address_is_not_believed(
    in_database, rf, time_machine
):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)

    def says(address):
        return rf.post("/", REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR=address)

    for number in range(120):
        assert throttling.allows("api", request=says(f"198.51.100.{number}"))

    assert not throttling.allows("api", request=says("198.51.100.200"))


@pytest.mark.parametrize("path", ["/", "/material/", LOGIN])
def test_pages_answer_while_the_cache_is_away(client, settings, path):
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "portal.foundation.caching.TolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
        "limits": DATABASE,
    }

    assert client.get(path).status_code in (200, 404)
    assert cache.answers() is False


def test_the_lock_on_sign_in_holds_while_the_cache_is_away(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.foundation.caching.TolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
        "limits": DATABASE,
    }
    user = UserFactory()
    for _try in range(5):
        wrong_sign_in(client, user.email)

    assert is_locked(client, user.email)


def test_a_cache_that_is_away_keeps_what_django_promises_of_an_empty_one(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.foundation.caching.TolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
        "limits": DATABASE,
    }

    assert cache.get("a", "other") == "other"
    assert cache.get_or_set("a", lambda: 5) == 5
    assert cache.get_many(["a"]) == {}
    assert cache.add("lock", True) is True
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def start(**changes):
    safe = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "ALLOWED_HOSTS": "portal.example.org",
        "BASE_URL": "https://portal.example.org",
        "DATABASE_URL": "postgres://portal@127.0.0.1/portal",
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
    }
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=django_settings.BASE_DIR,
        env=safe | changes,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        ({}, True),
        ({"LIMITS_STORE": "memory"}, False),
        ({"LIMITS_STORE": "memory", "WEB_PROCESSES": "2"}, False),
        ({"LIMITS_STORE": "memory", "WEB_PROCESSES": "1"}, True),
        ({"WEB_PROCESSES": "8"}, True),
        ({"LIMITS_STORE": "elsewhere"}, False),
    ],
)
def test_production_starts_only_with_counters_that_all_processes_share(changes, starts):
    started = start(**changes)

    assert (started.returncode == 0) is starts
    assert starts or "LIMITS_STORE must be" in started.stderr


def test_the_page_about_too_often_is_kind(client):
    for _try in range(22):
        response = client.post(LOGIN, {"login": "a@example.org", "password": "x"})

    assert response.status_code == 429
    assert "För många försök" in response.content.decode()
    assert reverse("account_login") not in response.headers.get("Location", "")


def number_given(client):
    return client.cookies.get(django_settings.DEVICE_COOKIE_NAME)


def test_a_browser_that_is_shown_a_form_gets_a_number_that_scripts_cannot_read(client):
    client.get(LOGIN)
    given = number_given(client)

    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert ":" in given.value
    client.get(LOGIN)
    assert number_given(client).value == given.value


def test_pages_without_a_form_give_no_number(client):
    assert client.get("/robots.txt").status_code == 200

    assert number_given(client) is None


def tries_until_refused(browsers, count):
    """How many of `count` tries get through, each in the next browser and with its own account."""
    codes = [
        next(browsers).post(LOGIN, {"login": f"x{n}@example.org", "password": "wrong"}).status_code
        for n in range(count)
    ]
    return codes.count(200)


def made_up():
    """Browsers that write a number of their own, and a token of the forms, into each request."""
    for number in itertools.count():
        client = Client()
        client.cookies[django_settings.DEVICE_COOKIE_NAME] = f"number{number}:1wABCD:signature"
        client.cookies[django_settings.CSRF_COOKIE_NAME] = f"{number:032d}"
        yield client


def honest():
    """Browsers that have seen the form before they send it."""
    while True:
        client = Client()
        client.get(LOGIN)
        yield client


def test_cookies_that_somebody_makes_up_give_no_new_tries(in_database):
    assert tries_until_refused(made_up(), 25) == 20


def test_a_class_behind_one_address_is_not_counted_as_one(in_database):
    assert tries_until_refused(honest(), 30) == 30


def test_who_is_new_again_and_again_spends_what_the_address_may(in_database, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"new_device": "3/h/ip"}
    known = Client()
    known.get(LOGIN)

    # Two more get numbers, and all after them count together.
    assert tries_until_refused(honest(), 30) == 2 + 20
    assert known.post(LOGIN, {"login": "k@example.org", "password": "wrong"}).status_code == 200


def new_organisation(client, number):
    return client.post(
        "/mitt/organisation/registrera/",
        {
            "new": "1",
            "type": "preschool",
            "name": f"Förskolan {number}",
            "municipality": MunicipalityFactory().pk,
        },
    )


def test_nobody_registers_organisations_by_the_dozen(client, in_database):
    client.force_login(UserFactory())
    for number in range(5):
        assert new_organisation(client, number).status_code == 302
    refused = new_organisation(client, 6)

    assert "för många försök" in refused.content.decode()
    assert "Förskolan 6" in refused.content.decode()
    assert Organisation.objects.count() == 5

    client.force_login(UserFactory())
    assert new_organisation(client, 7).status_code == 302


def test_nor_from_one_address_by_signing_up(client, in_database, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"organisation": "1/d/ip"}
    place = MunicipalityFactory()

    def sign_up(number):
        email = f"kim{number}@example.org"
        browser = Client(headers={"User-Agent": f"Browser {number}"})
        browser.post("/konto/login/code/", {"email": email})
        browser.post("/konto/login/code/confirm/", {"code": sent_to(email).code_of(email)})
        return browser.post(
            "/konto/signup/",
            {
                "name": "Kim Larsson",
                "accepts_terms": "on",
                "organisation": f"Förskolan {number}",
                "type": "preschool",
                "municipality": place.pk,
            },
        )

    assert sign_up(1).status_code == 302
    assert User.objects.filter(email="kim1@example.org").exists()
    assert "för många försök" in sign_up(2).content.decode()
    assert not User.objects.filter(email="kim2@example.org").exists()
