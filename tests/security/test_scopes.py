"""Every model in the admin, as every role, at every place that could name one of its rows."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from wagtail.log_actions import log
from wagtail.snippets.models import get_snippet_models

from marketplace.impact.collaborations.models import Collaboration
from marketplace.municipalities.models import Municipality
from marketplace.roles.models import Role
from portal.foundation import scopes
from portal.foundation.admin.scoped import ScopedChooserViewSet, ScopedViewSet
from portal.site.open_urls import is_open
from portal.site.scoped_admin import model_of
from tests.factories import (
    CompanyFactory,
    MunicipalityFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)
from tests.security.rows import SECRET, one_of_everything

ROLES = [None, *Role]


@pytest.fixture
def rows(db):
    """A row of every snippet, in a municipality that nobody coordinates, named unmistakably."""
    return one_of_everything()


def somebody(role):
    if role == Role.ADMINISTRATOR:
        return SuperuserFactory()
    if role is None:
        return UserFactory()
    places = [MunicipalityFactory()] if role == Role.COORDINATOR else []
    return give(UserFactory(), role, municipalities=places)


def read(client, path):
    response = client.get(path)
    if response.status_code != 200:
        return ""
    return (
        b"".join(response.streaming_content) if response.streaming else response.content
    ).decode(errors="replace")


def places(row):
    """Where a row could be named: lists, searches, exports, choosers, pages of its own, actions."""
    viewset = row.snippet_viewset
    space, app, model = viewset.url_namespace, row._meta.app_label, row._meta.model_name
    chooser = viewset.chooser_viewset.url_namespace
    yield "listed", reverse(f"{space}:list")
    yield "listed", reverse(f"{space}:list_results")
    yield "listed", reverse(f"{space}:list") + "?export=csv"
    yield "chosen", reverse(f"{chooser}:choose")
    yield "chosen", reverse(f"{chooser}:choose_results")
    yield "chosen", reverse(f"{chooser}:chosen", args=[row.pk])
    yield "chosen", reverse(f"{chooser}:chosen_multiple") + f"?id={row.pk}"
    for name in ("edit", "inspect", "history", "usage", "delete", "copy"):
        try:
            yield "opened", reverse(f"{space}:{name}", args=[row.pk])
        except NoReverseMatch:
            # Not every snippet has every page.
            continue
    yield "opened", reverse("wagtail_bulk_action", args=[app, model, "delete"]) + f"?id={row.pk}"
    yield "opened", reverse("wagtail_bulk_action", args=[app, model, "delete"]) + "?id=all"
    yield "opened", reverse("snippets_api_detail", args=[app, model, row.pk])
    yield "listed", reverse("snippets_api_list", args=[app, model])


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_nobody_is_told_of_a_row_outside_their_scope(client, rows, role):
    user = somebody(role)
    client.force_login(user)
    told, seen = [], 0
    for row in rows:
        log(row, "wagtail.edit", user=user)
        everything = type(row)._default_manager.filter(pk=row.pk)
        for part, path in places(row):
            named = SECRET in read(client, path)
            may = getattr(scopes, part)(everything, user).exists()
            seen += named
            if named and not may:
                told.append(path)

    assert told == []
    assert bool(seen) == (role is not None)


def test_every_kind_of_row_is_among_those_tried(rows):
    # Municipalities are public, and their names stand in filters that everybody sees.
    tried = {type(row) for row in rows} | {Municipality}

    assert set(get_snippet_models()) - tried == set()


def test_no_form_takes_a_row_that_its_chooser_does_not_offer(rows):
    taken, limited = [], 0
    for user in map(somebody, ROLES):
        for name, field in choices_in_forms(user):
            every = field.queryset.model._default_manager.all()
            chosen = set(scopes.chosen(every, user))
            limited += len(chosen) < every.count()
            if set(field.queryset) - chosen:
                taken.append(f"{user.role_assignments.first()} {name}")

    assert taken == []
    assert limited


def choices_in_forms(user):
    """(name, field) of every choice of a row with a scope, in the forms of all snippets."""
    for model in get_snippet_models():
        form = model.snippet_viewset.get_form_class()(for_user=user)
        for name, field in form.fields.items():
            rows = getattr(field, "queryset", None)
            if rows is not None and scopes.has_scope(rows.model):
                yield f"{model.__name__}.{name}", field


def test_a_coordinator_records_no_collaboration_with_somebody_elsewhere(client, rows):
    user = somebody(Role.COORDINATOR)
    client.force_login(user)
    own = CompanyFactory(municipality=user.role_assignments.get().municipalities.get())
    school = next(row for row in rows if isinstance(row, Collaboration)).partner
    path = reverse(f"{Collaboration.snippet_viewset.url_namespace}:add")
    data = {"type": "other", "company": own.pk, "started_on": "2026-01-01", "note": ""}

    page = client.post(path, data | {"partner": school.pk})

    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert not own.collaborations_as_company.exists()
    near = SchoolFactory(municipality=own.municipality)
    assert client.post(path, data | {"partner": near.pk}).status_code == 302


def test_every_model_in_the_admin_has_a_scope():
    admin = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    models = {model for model in models_in(admin.url_patterns) if model}

    assert get_user_model() in models
    assert {model._meta.label for model in models if not scopes.has_scope(model)} == set()


def models_in(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from models_in(pattern.url_patterns, inner)
        elif is_open(f"{namespace}{pattern.name}", pattern.lookup_str):
            yield model_of(pattern.callback)


def test_every_snippet_and_its_chooser_ask_the_scope():
    for model in get_snippet_models():
        assert isinstance(model.snippet_viewset, ScopedViewSet), model
        assert isinstance(model.snippet_viewset.chooser_viewset, ScopedChooserViewSet), model


def test_a_model_without_a_scope_is_shut_even_for_an_administrator(client, rows, monkeypatch):
    client.force_login(SuperuserFactory())
    row = rows[0]
    path = reverse(f"{row.snippet_viewset.url_namespace}:list")
    assert client.get(path).status_code == 200

    monkeypatch.delitem(scopes.SCOPES, type(row))

    assert client.get(path).status_code == 404
    assert (
        client.get(
            reverse(
                "wagtail_bulk_action", args=[row._meta.app_label, row._meta.model_name, "delete"]
            )
        ).status_code
        == 404
    )
