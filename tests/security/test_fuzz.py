"""Whatever is typed into a form or an address, the answer is a page, and a refusal changes nothing.

Some hundreds of inputs, always the same ones. `script/fuzz` tries new ones for some minutes.
"""

import os
import time
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter
from django.urls.resolvers import RoutePattern
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.site.open_urls import OWN, is_open
from tests.security import hostile
from tests.security.test_doors import routes
from tests.security.test_permissions_table import ROLES, TABLES
from tests.security.typed import forms_in
from tests.security.written import tables_written

INPUTS = int(os.environ.get("FUZZ_INPUTS", "0"))
SECONDS = int(os.environ.get("FUZZ_SECONDS", "3600"))
STARTED = time.monotonic()
# Without a number of inputs, always the same ones.
bounded = settings(
    max_examples=INPUTS or 75,
    derandomize=not INPUTS,
    database=None,
    deadline=None,
    # Faults are gathered and told together, none is tried over and over.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# What pages ask for in their addresses, and what Wagtail does.
QUERY_NAMES = """
    q sida p page next ordning visa titel termin sort rule organisation material lang kommun k id
    efterlysning bokning period fran till kategori skick avstand sokning ordering export format
    limit offset fields type locale search order search_query collection_id tag url_path at year
"""
NAMES = QUERY_NAMES.split()
# Pages whose forms end the session or whose answer is for programs alone.
ENDS_SESSION = ("/konto/logout/", "/admin/logout/")


@pytest.fixture
def clients(world):
    """Somebody of every role, signed in, whatever a page says raised by the test."""
    clients = {role: Client() for role in ROLES}
    for role, user in world["users"].items():
        clients[role].force_login(user)
    return clients


def ask(client, method, path, data=None, query=""):
    """Ask for a page and take back whatever that changed; return it and what tables it wrote."""
    caches["limits"].clear()
    with transaction.atomic(), tables_written() as written:
        cookies = client.cookies.copy()
        response = (
            client.generic("GET", path, QUERY_STRING=query)
            if method == "get"
            else (client.post(path, data or {}, QUERY_STRING=query))
        )
        if response.streaming:
            b"".join(response.streaming_content)
        client.cookies = cookies
        transaction.set_rollback(True)
    return response, written


def is_over():
    """Whether the time that was given is up, after which nothing more is tried."""
    return time.monotonic() - STARTED > SECONDS


def is_refused(response):
    """Whether the answer says no: a status, or a form that is shown again with its errors."""
    if response.status_code >= 400:
        return True
    if response.status_code != 200 or not response.context:
        return False
    form = response.context.get("form")
    return bool(getattr(form, "is_bound", False) and getattr(form, "errors", None))


def fault_of(client, method, path, typed=None, query=""):
    """What is wrong with the answer to this input, or nothing."""
    try:
        response, written = ask(client, method, path, typed, query)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:300]}"
    if response.status_code >= 500:
        return str(response.status_code)
    if method == "post" and is_refused(response) and written:
        return f"{response.status_code}, and wrote {sorted(written)}"
    return None


def fuzzed_path(data, name, pattern):
    """An address of `pattern` with hostile values, or nothing where it takes other ones."""
    found = pattern.pattern
    if isinstance(found, RoutePattern):
        kinds = found.converters
    else:
        kinds = dict.fromkeys(found.regex.groupindex)
    numbers = st.sampled_from([0, 1, 2, 3, 4, 5, 2**31, 2**63, 10**4999])
    values = {
        key: data.draw(numbers if isinstance(kind, IntConverter) else numbers | hostile.texts)
        for key, kind in kinds.items()
    }
    try:
        return reverse(name, kwargs=values)
    except (NoReverseMatch, ValueError):
        return None


def open_routes():
    """Every address that is open, ours apart from those of packages."""
    found = [each for each in routes() if is_open(each[0], each[1].lookup_str)]
    ours = [each for each in found if each[1].lookup_str.startswith(OWN)]
    others = [each for each in found if not each[1].lookup_str.startswith(OWN)]
    return {"ours": ours, "packages": others}


def shortened(typed):
    return {key: str(value)[:100] for key, value in (typed or {}).items()}


@pytest.mark.parametrize("whose", ["ours", "packages"])
def test_no_address_fails_whatever_stands_in_it(clients, whose):
    found = open_routes()[whose]
    assert len(found) > 100
    faults = {}

    @bounded
    @given(st.data())
    def run(data):
        name, pattern = data.draw(st.sampled_from(found))
        role = data.draw(st.sampled_from(ROLES))
        path = fuzzed_path(data, name, pattern)
        if path is None or path.startswith(ENDS_SESSION) or is_over():
            return
        pairs = st.lists(st.tuples(st.sampled_from(NAMES), hostile.texts), max_size=4)
        query = data.draw(pairs.map(urlencode) | hostile.raw_queries)
        method = data.draw(st.sampled_from(["get", "post"]))
        typed = dict(data.draw(pairs)) if method == "post" else None
        if fault := fault_of(clients[role], method, path, typed, query):
            faults[name, method, fault] = (role, path[:300], query[:300], shortened(typed))

    run()

    assert not faults, "\n".join(map(str, faults.items()))


def pages_with_forms(world):
    """The addresses of the permission table that show something, and who gets there."""
    for table in TABLES.values():
        for row in table.values():
            allowed = [role for role in ROLES if role in row.allowed]
            if row.method == "get" and allowed:
                yield row.path.format(**world), allowed


def forms_of(client, path):
    """The forms of a page, as (method, action, values, names of files)."""
    response, _written = ask(client, "get", path)
    if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
        return []
    if response.streaming:
        return []
    forms = [
        (method, action or path, typed, files)
        for method, action, typed, files in forms_in(response.content)
    ]
    return [each for each in forms if each[1].startswith("/") and each[1] not in ENDS_SESSION]


@pytest.mark.parametrize("part", ["site", "admin"])
def test_no_form_fails_whatever_is_typed_and_a_refusal_changes_nothing(clients, world, part):
    pages = [
        each
        for each in pages_with_forms(world)
        if each[0].startswith("/admin/") == (part == "admin")
    ]
    assert len(pages) > 50
    sent, faults = [], {}

    @bounded
    @given(st.data())
    def run(data):
        path, allowed = data.draw(st.sampled_from(pages))
        role = data.draw(st.sampled_from(allowed))
        # Drawn before the page is asked: what stands on it is not for hypothesis to remember.
        which, *whose = data.draw(st.tuples(*[st.integers(0, 10_000)] * 4))
        texts = data.draw(st.lists(hostile.texts, max_size=3))
        file = data.draw(hostile.files)
        forms = [] if is_over() else forms_of(clients[role], path)
        if not forms:
            return
        method, action, typed, files = forms[which % len(forms)]
        names = sorted(typed) if typed else []
        fields = [names[each % len(names)] for each in whose] if names else []
        wrong = dict(zip(fields, texts, strict=False))
        typed |= wrong
        if method == "post":
            typed |= dict.fromkeys(files, file)
            sent.append(action)
            fault = fault_of(clients[role], "post", action, typed)
        else:
            fault = fault_of(clients[role], "get", action, query=urlencode(typed))
        if fault:
            faults[path, method, fault] = (
                role,
                action,
                shortened(wrong),
            )

    run()

    assert not faults, "\n".join(map(str, faults.items()))
    assert len(sent) >= 10 or is_over()
