"""What all tests share: the services that script/test starts, and a browser."""

import gc
import os
import shutil
import time
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler as find_in_admin
from wagtail.signal_handlers import reference_index_auto_update_disabled

from tests.kept_demo import have_demo

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The same examples in each run, and none fails because the machine is busy.
hypothesis_settings.register_profile(
    "portal",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("portal")
# Playwright's own loop would make Django refuse to touch the database in browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


django_force_login = Client.force_login


def sign_in_now(client, user, backend=None, *, method="code", minutes_ago=0):
    """Sign in as django-allauth does, which notes how and when. `backend` is not asked for."""
    django_force_login(client, user)
    at = time.time() - 60 * minutes_ago
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


# To pages that ask again, a user whom a test signs in has just signed in.
Client.force_login = sign_in_now


def pytest_collection_finish():
    """What has been loaded by now is never garbage, and not looked through for any again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter, config):
    """Say how to run the tests in the same order again; `-q` leaves pytest's header out."""
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"In this order again: --randomly-seed={seed}")


SERVICES = {"elasticsearch", "postgres"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark tests by the services that they use, so that `script/test --quick` leaves them out."""
    for item in items:
        for service in SERVICES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(service)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ends what is still connected, so that the database can be dropped.

    A thread of a live server may be answering a browser that has been closed.
    """
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """The portal as `setup_portal` leaves it, in a transaction around all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("setup_portal", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def kept_demo(tmp_path_factory):
    """A folder for the demo that all processes of this run share (see `tests.kept_demo`)."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    folder = base / "kept-demo"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, kept_demo):
    """The demo in a transaction around all tests of a module, undone after it."""
    with django_db_blocker.unblock(), with_admin_indexes(), transaction.atomic():
        have_demo(kept_demo)
        yield
        transaction.set_rollback(True)
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def no_elasticsearch(settings):
    """Tests ask the database unless they say otherwise, also where Elasticsearch is running."""
    settings.ELASTICSEARCH_URL = ""


def keep_admin_indexes(kept):
    """Whether saving notes where each thing is used, and has the admin's search find it."""
    for model in get_indexed_models():
        turn = post_save.connect if kept else post_save.disconnect
        turn(find_in_admin, sender=model)
    reference_index_auto_update_disabled.value = not kept


@contextmanager
def with_admin_indexes():
    keep_admin_indexes(kept=True)
    try:
        yield
    finally:
        keep_admin_indexes(kept=False)


@pytest.fixture
def admin_indexes():
    """As in production: the admin's search finds what is saved, and knows where it is used."""
    with with_admin_indexes():
        yield


@pytest.fixture(autouse=True, scope="session")
def no_admin_indexes():
    """Few tests look at what Wagtail keeps of all that is saved, a fifth of their time."""
    keep_admin_indexes(kept=False)


@pytest.fixture(autouse=True)
def admin_indexes_where_they_show(request):
    """Who is served by a real server meets the portal whole."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("admin_indexes")


@pytest.fixture(autouse=True)
def first_of_each():
    """Factories count from the start: what a test names depends on no test before it."""
    from tests.factories import count_from_the_start

    count_from_the_start()


def as_in_a_new_process():
    """Forget what requests have left behind: their language, and what they have cached."""
    translation.activate(django_settings.LANGUAGE_CODE)
    for name in django_settings.CACHES:
        caches[name].clear()


@pytest.fixture(autouse=True)
def new_process():
    """No test meets what another has left, nor does what is set up once for the next module."""
    as_in_a_new_process()
    yield
    as_in_a_new_process()


@pytest.fixture(scope="session")
def elasticsearch_to_empty():
    """A client, and a prefix for the names of indices, which are removed in the end."""
    from elasticsearch import Elasticsearch

    url = os.environ.get("ELASTICSEARCH_URL")
    assert url, "This test needs Elasticsearch: run it with script/test."
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    prefix = f"{django_settings.ELASTICSEARCH_INDEX_PREFIX}-{worker}"
    client = Elasticsearch(url, request_timeout=60)
    remove_indices(client, prefix)
    yield client, prefix
    remove_indices(client, prefix)


def remove_indices(client, prefix):
    for name in client.indices.get(index=f"{prefix}-*", ignore_unavailable=True):
        client.indices.delete(index=name)


@pytest.fixture
def elasticsearch(settings, db, no_elasticsearch, elasticsearch_to_empty):
    """Real Elasticsearch indices with nothing in them. Fails where script/test started none.

    Those of the test before are emptied, since making new ones takes seconds, unless it has left
    them in disorder.
    """
    from search.engines.connection import aliases
    from search.index.sync import build_missing

    client, prefix = elasticsearch_to_empty
    settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"]
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    settings.ELASTICSEARCH_INDEX_PREFIX = prefix
    if all(client.indices.exists_alias(name=name) for name in aliases()):
        blocks = ("read_only", "read_only_allow_delete", "write")
        client.indices.put_settings(
            index=aliases(), settings={f"index.blocks.{block}": None for block in blocks}
        )
        client.delete_by_query(
            index=aliases(), query={"match_all": {}}, refresh=True, conflicts="proceed"
        )
    else:
        remove_indices(client, prefix)
        build_missing()
    # What has been removed may come again at once, as an older version.
    client.indices.put_settings(index=aliases(), settings={"index.gc_deletes": "0s"})
    return client


@pytest.fixture
def postgres(db):
    """The test's database is PostgreSQL. Fails where script/test has not started it."""
    engine = django_settings.DATABASES["default"]["ENGINE"]
    assert "postgresql" in engine, "This test needs PostgreSQL: run it with script/test."


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # The shell is Chromium without a window: the same pages for three quarters of the time.
    shell = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM", shell),
        "args": BROWSER_FLAGS,
    }


@pytest.fixture
def phone(browser, live_server):
    """A page on a phone. The test fails when the site asks anybody else for anything."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="sv-SE",
        base_url=live_server.url,
    )
    foreign = []
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:"))
            else foreign.append(request.url)
        ),
    )
    yield context.new_page()
    context.close()
    assert foreign == []


@pytest.fixture
def sign_in_browser(live_server):
    """A function that signs a user in to a browser page without going through the mail."""
    from django.test import Client

    def sign_in(page, user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )

    return sign_in


# Waits for what moves and comes to an end.
SETTLE = """() => Promise.allSettled(
  document.getAnimations()
    .filter((each) => each.playState === "running")
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished)
).then(() => true)"""


@pytest.fixture
def assert_accessible():
    """A function that fails with what axe finds against WCAG 2.1 A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page):
        # A message that is still fading in has not got its colours yet.
        page.evaluate(SETTLE)
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
        found = Axe().run(page, options=options).response["violations"]
        assert not found, "\n".join(
            f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for each in found
            for node in each["nodes"][:3]
        )

    return check
