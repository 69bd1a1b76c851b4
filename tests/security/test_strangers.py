"""Every page that Wagtail makes for a row, as everybody outside the row's scope."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from portal.foundation import scopes
from portal.site.open_urls import SNIPPET_NAMES
from tests.security.rows import SECRET, one_of_everything
from tests.security.test_doors import every_route
from tests.security.test_scopes import ROLES, somebody
from tests.security.written import tables_written


def pages_of(row):
    """The addresses with the number of `row` in them, those of its revisions and tasks as well."""
    namespace = row.snippet_viewset.url_namespace
    revision = row.save_revision().pk if hasattr(row, "save_revision") else 1
    found = {name: pattern for _route, name, pattern in every_route(get_resolver().url_patterns)}
    for page in sorted(SNIPPET_NAMES):
        pattern = found.get(f"{namespace}:{page}")
        if pattern is None or "pk" not in pattern.pattern.converters:
            continue
        values = {}
        for key in pattern.pattern.converters:
            values[key] = row.pk if key == "pk" else "approve" if "name" in key else revision
        try:
            yield reverse(f"{namespace}:{page}", kwargs=values)
        except NoReverseMatch:
            # A kind of number that this row has not.
            continue


def content_of(response):
    return b"".join(response) if response.streaming else response.content


@pytest.mark.django_db
def test_no_page_about_a_row_opens_to_strangers_and_none_changes_it(client):
    rows = one_of_everything()
    pages = {row: list(pages_of(row)) for row in rows}
    people = {role: somebody(role) for role in ROLES}
    opened, tried, answered = [], 0, 0
    for role, user in people.items():
        client.force_login(user)
        for row, paths in pages.items():
            if scopes.opened(type(row)._default_manager.filter(pk=row.pk), user).exists():
                answered += client.get(paths[0]).status_code == 200
                continue
            for path in paths:
                for ask in (client.get, client.post):
                    with tables_written() as written:
                        response = ask(path)
                    tried += 1
                    if SECRET.encode() in content_of(response) or written:
                        opened.append((str(role), path, sorted(written)))

    assert opened == []
    assert tried > 500
    assert answered > 10
