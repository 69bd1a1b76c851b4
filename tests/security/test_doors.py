"""One way in: no URL that packages bring along is open unless somebody has opened it."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, SetPasswordMixin
from django.core.management import call_command
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils.translation import override
from wagtail.snippets.models import get_snippet_models

from portal.site.open_urls import OPEN_NAMES, is_open
from tests.conftest import sign_in_now
from tests.factories import SuperuserFactory

pytestmark = pytest.mark.django_db

# What packages bring along and nobody may reach, with the reason.
CLOSED = {
    "wagtailcore_login": "Wagtail's own sign-in, by password alone and without limit",
    "wagtailcore_authenticate_with_password": "pages are not locked by a shared password",
    "wagtaildocs_authenticate_with_password": "nor are documents",
    "wagtailadmin_password_reset": "allauth's is the only one",
    "wagtailadmin_password_reset_done": "allauth's is the only one",
    "wagtailadmin_password_reset_confirm": "allauth's is the only one",
    "wagtailadmin_password_reset_complete": "allauth's is the only one",
    "wagtailadmin_api:images:listing": "names every picture to all staff, a pupil's undecided too",
    "wagtailadmin_api:images:detail": "names every picture to all staff, a pupil's undecided too",
    "wagtailadmin_api:images:find": "names every picture to all staff, a pupil's undecided too",
    "wagtailadmin_api:documents:listing": "names every document to all staff",
    "wagtailadmin_api:documents:detail": "names every document to all staff",
    "wagtailadmin_api:documents:find": "names every document to all staff",
    "wagtailadmin_reports:workflow": "the queue shows what waits",
    "wagtailadmin_reports:workflow_results": "the queue shows what waits",
    "wagtailadmin_reports:workflow_tasks": "the queue shows what waits",
    "wagtailadmin_reports:workflow_tasks_results": "the queue shows what waits",
    "wagtail_localize:translations_report": "the list of translations is ours",
    "wagtail_localize:translations_report_results": "the list of translations is ours",
    "wagtailadmin_error_test": "fails on purpose",
    "django.views.generic.base.TemplateView": "Wagtail's test of its own 404",
    "django.views.generic.base.RedirectView": "allauth's old addresses",
    "wagtail.admin.views.home.default": "answers 404 itself",
    "api:api-root": "says nothing",
    "wagtailsites:copy": "a second site is made from nothing",
    "wagtaillocales:copy": "there is nothing to copy",
    "wagtailusers_users:copy": "nobody gets somebody else's rights by copying",
    "audit:add": "a log",
    "audit:edit": "a log",
    "audit:delete": "a log",
    "audit:copy": "a log",
    "audit:history": "a log",
    "audit:history_results": "a log",
    "audit:usage": "a log",
    "retention:add": "a log",
    "retention:edit": "a log",
    "retention:delete": "a log",
    "retention:copy": "a log",
    "retention:history": "a log",
    "retention:history_results": "a log",
    "retention:usage": "a log",
    "handover_chooser:create": "handovers are recorded, not made",
} | {
    f"{model.snippet_viewset.chooser_viewset.url_namespace}:create": "made on its own page"
    for model in get_snippet_models()
}


def every_route(patterns, namespace="", prefix=""):
    """Every route below `patterns` as (route, name or without one the view, pattern)."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            within = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_route(pattern.url_patterns, within, route)
        else:
            name = f"{namespace}{pattern.name}" if pattern.name else pattern.lookup_str
            yield route, name, pattern


def routes():
    """Those that can be reached, as (name, pattern): the first with a route hides the others."""
    first = {}
    for route, name, pattern in every_route(get_resolver().url_patterns):
        first.setdefault(route, (name, pattern))
    return list(first.values())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_url_is_opened_or_closed_on_purpose(language):
    with override(language):
        found = routes()
    undecided = {
        name
        for name, pattern in found
        if not is_open(name, pattern.lookup_str) and name not in CLOSED
    }

    assert len(found) > 500
    assert undecided == set()


def test_nothing_is_closed_and_open_at_once():
    opened = {name for name, pattern in routes() if is_open(name, pattern.lookup_str)}

    assert opened & CLOSED.keys() == set()


def test_nothing_is_opened_that_does_not_exist():
    names = {name for name, _pattern in routes()}
    listed = {
        f"{space}:{name}" if space else name for space, each in OPEN_NAMES.items() for name in each
    }

    assert listed - names == set()


PASSWORD_VIEWS = (
    auth_views.LoginView,
    auth_views.PasswordChangeView,
    auth_views.PasswordResetView,
    auth_views.PasswordResetConfirmView,
)


def test_no_open_view_outside_allauth_is_made_to_take_a_password():
    taking = []
    for name, pattern in routes():
        view = getattr(pattern.callback, "view_class", None)
        if view is None or not is_open(name, pattern.lookup_str):
            continue
        form = getattr(view, "form_class", None)
        takes = issubclass(view, PASSWORD_VIEWS) or (
            isinstance(form, type) and issubclass(form, AuthenticationForm | SetPasswordMixin)
        )
        if takes and not view.__module__.startswith("allauth."):
            taking.append(name)

    assert taking == []


def is_allauth(pattern):
    """Whether a view of allauth answers, or one of ours that only adds to it."""
    view = getattr(pattern.callback, "view_class", None)
    made_of = view.__mro__ if view else (pattern.callback,)
    return any(each.__module__.startswith("allauth.") for each in made_of)


def addresses_without_values():
    for name, pattern in routes():
        if not is_open(name, pattern.lookup_str) or is_allauth(pattern):
            continue
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


PASSWORD = "correct horse battery"


def test_the_right_password_signs_nobody_in_outside_allauth(client):
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory(email="admin@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    typed = {"username": admin.email, "login": admin.email, "email": admin.email}
    let_in = []
    for path in sorted(set(addresses_without_values())):
        client.cookies.clear()
        client.post(path, typed | {"password": PASSWORD})
        if "_auth_user_id" in client.session:
            let_in.append(path)
    client.cookies.clear()
    client.post("/konto/login/", typed | {"password": PASSWORD})

    assert let_in == []
    assert client.session["_auth_user_id"] == str(admin.pk)


def test_no_page_outside_allauth_shows_a_field_for_a_password(client):
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory()
    client.force_login(admin)
    paths = [path for path in sorted(set(addresses_without_values())) if "logout" not in path]
    paths += [f"/admin/users/edit/{admin.pk}/"]
    showing, seen = [], 0
    for path in paths:
        response = client.get(path)
        if response.streaming or not response["Content-Type"].startswith("text/html"):
            continue
        seen += response.status_code == 200
        if b'type="password"' in response.content:
            showing.append(path)

    assert seen > 50
    assert showing == []


@pytest.mark.parametrize(
    "path",
    [
        "/_util/login/",
        "/en/_util/login/",
        "/_util/authenticate_with_password/1/1/",
        "/dokument/authenticate_with_password/1/",
        "/admin/password_reset/",
        "/admin/password_reset/done/",
        "/admin/failwhale/",
        "/admin/api/main/images/",
        "/admin/api/main/images/1/",
        "/admin/api/main/documents/",
        "/admin/api/main/pages/1/action/delete/",
        "/admin/test404/",
        "/konto/social/signup/",
    ],
)
def test_what_packages_bring_along_is_not_there(client, path):
    assert client.get("/konto/login/").status_code == 200
    assert client.get(path).status_code == 404
    assert client.post(path, {"username": "a", "password": "b"}).status_code == 404


def test_only_one_backend_signs_people_in():
    assert settings.AUTHENTICATION_BACKENDS == [
        "allauth.account.auth_backends.AuthenticationBackend"
    ]


# --- The admin opens for a session that has used a second factor ----------------------------------


@pytest.fixture
def admin(settings):
    settings.ADMIN_REQUIRES_MFA = True
    call_command("setup_portal", verbosity=0)
    admin = SuperuserFactory(email="admin@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    return admin


def code_of(secret):
    """The number that an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_without_a_second_factor_staff_are_led_to_set_one_up(client, admin):
    client.force_login(admin)

    assert client.get("/admin/").url == reverse("mfa_index")


def test_owning_a_second_factor_opens_nothing_without_using_it(client, admin):
    TOTP.activate(admin, generate_totp_secret())
    sign_in_now(client, admin, method="password")

    response = client.get("/admin/users/")

    assert response.url == "/konto/2fa/reauthenticate/?next=%2Fadmin%2Fusers%2F"


def test_using_the_second_factor_opens_the_admin(client, admin):
    secret = generate_totp_secret()
    TOTP.activate(admin, secret)

    client.post("/konto/login/", {"login": admin.email, "password": PASSWORD})
    before = client.get("/admin/")
    client.post("/konto/2fa/authenticate/", {"code": code_of(secret)})

    assert before.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_factor_of_somebody_else_opens_nothing(client, admin):
    sign_in_now(client, SuperuserFactory(), method="mfa")
    session = client.session
    session["_auth_user_id"] = str(admin.pk)
    session["_auth_user_hash"] = admin.get_session_auth_hash()
    session.save()

    assert client.get("/admin/").status_code == 302


def test_a_session_that_came_in_another_way_can_show_the_factor_afterwards(client, admin):
    secret = generate_totp_secret()
    TOTP.activate(admin, secret)
    sign_in_now(client, admin, method="code")

    response = client.post(
        "/konto/2fa/reauthenticate/?next=/admin/users/", {"code": code_of(secret)}
    )

    assert response.url == "/admin/users/"
    assert client.get("/admin/users/").status_code == 200
