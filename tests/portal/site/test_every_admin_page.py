"""How often the pages of the admin ask the database does not depend on what there is to show."""

import re

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.roles.models import Role
from portal.foundation.users.models import User
from tests.factories import UserFactory, give
from tests.kept_demo import look_through
from tests.portal.site.admin_addresses import addresses
from tests.portal.site.busy import make_busy

pytestmark = pytest.mark.django_db
MOST = 40
# Who write pages: their rights are looked up where an administrator's are known.
MOST_OF_WRITERS = 43
# What the test's own transaction writes.
OF_TESTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture(scope="module")
def busy(demo, django_db_blocker):
    """The demo, with much about one row of each kind."""
    with django_db_blocker.unblock():
        give(UserFactory(email="oversattare@demo.example"), Role.TRANSLATOR)
        rows = make_busy()
        look_through()
        # What this has written is shown, as if it were committed: the rest may be kept.
        connection.run_on_commit.clear()
    return rows


# Pages of the site as they will look (tests/inspiration/pages/test_query_counts.py counts those),
# what the menu asks for in the background, and what ends the session.
LEFT_OUT = re.compile(r"preview|view_draft|revisions_view|wagtailadmin_api|logout")


def asked(client, path):
    """What went wrong with a page or its status, and how often it asks the database.

    A page that goes wrong takes none of those after it along.
    """
    caches["limits"].clear()
    connection.queries_log.clear()
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)
    except Exception as error:
        return repr(error), 0
    return answer.status_code, sum(not each["sql"].startswith(OF_TESTS) for each in queries)


def counted(client, path):
    """The same, when it has been opened before and nothing else has."""
    status, number = asked(client, path)
    if number > MOST:
        caches["default"].clear()
        asked(client, path)
        status, number = asked(client, path)
    return status, number


def went_wrong(status):
    return not isinstance(status, int) or status >= 500


# Where pages are written, and what waits; and those with what shows one in all its versions.
WRITING = re.compile(r"explore|wagtailadmin_pages:edit|^queue$|wagtailadmin_home")
VERSIONS = re.compile(f"{WRITING.pattern}|wagtailadmin_pages:(revisions|history)")


def counts(busy, who, wanted):
    """{path: its status and number of questions} of the addresses whose name is `wanted`."""
    client = Client()
    client.force_login(User.objects.get(email=f"{who}@demo.example"))
    paths = [
        path for name, path in addresses(busy) if wanted.search(name) and not LEFT_OUT.search(name)
    ]
    return {path: counted(client, path) for path in paths}


# Who opens which pages, how often they may ask, and of how many pages at least.
READERS = [
    ("admin", re.compile(""), MOST, 400),
    ("samordnare", re.compile(""), MOST, 50),
    ("redaktor", VERSIONS, MOST_OF_WRITERS, 20),
    ("kommunikator", VERSIONS, MOST_OF_WRITERS, 20),
    ("oversattare", WRITING, MOST_OF_WRITERS, 20),
]


def test_no_page_asks_much_of_the_database(busy, settings):
    settings.ADMIN_REQUIRES_MFA = False
    settings.PAGE_CACHE_SECONDS = 300
    wrong, much, opened = {}, {}, {}

    # In one test, or each worker that has a part of it would make the demo, which takes longest.
    for who, wanted, most, _at_least in READERS:
        found = counts(busy, who, wanted)
        wrong |= {(who, path): status for path, (status, _n) in found.items() if went_wrong(status)}
        much |= {(who, path): number for path, (_s, number) in found.items() if number > most}
        opened[who] = sum(status == 200 for status, _number in found.values())

    assert wrong == {}
    assert much == {}
    assert all(opened[who] > at_least for who, _wanted, _most, at_least in READERS), opened
