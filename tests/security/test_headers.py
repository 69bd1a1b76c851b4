"""What leaves with every answer: who may keep it, what a browser may do with it."""

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command

from inspiration.pages.models import HomePage
from tests.factories import MembershipFactory, SuperuserFactory

pytestmark = pytest.mark.django_db

NO_COPY = "private, no-store"


@pytest.fixture
def site():
    call_command("setup_portal", verbosity=0)


@pytest.mark.parametrize(
    "path", ["/", "/mitt/", "/mitt/inkorg/", "/mitt/organisation/", "/material/", "/konto/email/"]
)
def test_nobody_keeps_a_copy_of_what_somebody_signed_in_sees(client, site, path):
    client.force_login(MembershipFactory(role="administrator").user)
    response = client.get(path)

    assert response.status_code == 200
    assert response["Cache-Control"] == NO_COPY


@pytest.mark.parametrize(
    "path", ["/konto/login/", "/en/konto/login/", "/mitt/post/some-token/", "/ide/some-token/"]
)
def test_nor_of_pages_about_an_account_or_behind_a_secret_link(client, site, path):
    assert client.get(path)["Cache-Control"] == NO_COPY


@pytest.mark.parametrize("path", ["/", "/material/", "/sok/"])
def test_what_anybody_sees_may_be_kept_by_the_browser_alone(client, site, path):
    assert client.get(path)["Cache-Control"] == "private"


@pytest.mark.parametrize("path", ["/robots.txt", "/manifest.webmanifest", "/api/v1/municipalities"])
def test_what_is_the_same_for_all_may_be_shared_also_by_somebody_signed_in(client, site, path):
    client.force_login(SuperuserFactory())

    assert "public" in client.get(path)["Cache-Control"]


PAGES = ["/", "/konto/login/", "/admin/", "/admin/users/", "/mitt/uppgifter/", "/finns-inte/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_a_browser_may_do_with_it(client, site, path):
    client.force_login(SuperuserFactory())
    response = client.get(path)
    policy = response["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "microphone=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_public_pages_run_no_inline_script_and_nor_do_their_previews_in_the_admin(client, site):
    client.force_login(SuperuserFactory())
    home = HomePage.objects.first()
    home.save_revision()
    public = client.get("/")
    preview = client.get(f"/admin/pages/{home.pk}/view_draft/")
    admin = client.get("/admin/")

    assert preview.status_code == 200
    assert "'unsafe-inline'" in admin["Content-Security-Policy"]
    assert "script-src-attr 'none'" in admin["Content-Security-Policy"]
    for response in (public, preview):
        assert "unsafe-inline" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    ["", "pages/", "users/add/", "images/", "snippets/marketplace/organisation/add/", "reports/"],
)
def test_the_admin_needs_no_handlers_in_attributes(client, site, path):
    client.force_login(SuperuserFactory())
    page = BeautifulSoup(client.get(f"/admin/{path}", follow=True).content, "html.parser")

    assert page.find("main") or page.find(id="main")
    assert not [
        each for each in page.find_all() if any(name.startswith("on") for name in each.attrs)
    ]


def test_open_data_is_open_to_other_sites(client, site):
    response = client.get("/api/v1/municipalities")

    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_security_txt_says_whom_to_write_to_and_until_when(client, site, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:security@example.org" in text
    assert "Expires: 20" in text


def production(**environment):
    """What the production settings say, in a process of their own."""
    code = (
        "from django.conf import settings as s;"
        "from django.utils.module_loading import import_string as load;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME,"
        " s.HUB_CARD_COOKIE_NAME, load(s.MESSAGE_STORAGE).storage_classes[0].cookie_name,"
        " s.SESSION_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS > 0, bool(s.SECURE_PROXY_SSL_HEADER),"
        " s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    needed = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "".join(chr(97 + number % 26) for number in range(60)),
        "ALLOWED_HOSTS": "portal.example.org",
        "DATABASE_URL": "postgres://portal@localhost/portal",
        "BASE_URL": "https://portal.example.org",
        "CACHE_URL": "rediscache://localhost:6379/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | needed | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_production_binds_cookies_to_the_host_and_hsts_to_its_subdomains_by_setting():
    names, secure, [proxy, subdomains] = (said := production())[:5], said[5:7], said[7:]

    assert all(name.startswith("__Host-") for name in names)
    assert secure == ["True", "True"]
    assert (proxy, subdomains) == ("False", "False")
    assert production(SECURE_HSTS_INCLUDE_SUBDOMAINS="true")[-1] == "True"


def test_only_our_own_proxy_is_believed_to_say_that_a_visit_came_over_tls():
    assert production(TRUSTED_PROXIES="1")[-2] == "True"
    assert production(TRUSTED_PROXIES="0")[-2] == "False"
