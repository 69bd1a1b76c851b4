"""Staff and their second factor: from the first sign-in to the admin, and in again another day."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from playwright.sync_api import expect

from tests.factories import SuperuserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(portal, settings):
    """Somebody with rights in the admin and nothing but a mailbox, where a factor is required."""
    settings.ADMIN_REQUIRES_MFA = True
    user = SuperuserFactory(email="editor@example.org")
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in_by_code(page, address="/admin/"):
    page.goto(address)
    page.get_by_label("E-postadress").first.fill("editor@example.org")
    page.get_by_role("button", name="Skicka en kod").click()
    page.get_by_label("Kod").wait_for()
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[-1].body, re.M).group(1)
    page.get_by_label("Kod").fill(code)


def virtual_authenticator(page):
    """A fingerprint reader that always says yes, as Chromium plays it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_opens_the_admin_and_signs_in_without_a_code(editor, phone, assert_accessible):
    virtual_authenticator(phone)
    sign_in_by_code(phone)
    expect(phone).to_have_url(re.compile("/konto/2fa/"))
    assert_accessible(phone)

    phone.goto("/konto/2fa/webauthn/add/")
    assert_accessible(phone)
    phone.locator("input[name=name]").fill("Min telefon")
    phone.locator("input[name=passwordless]").check()
    phone.locator("#mfa_webauthn_add").click()
    expect(phone).to_have_url(re.compile("/konto/2fa/(?!webauthn/add)"))
    assert_accessible(phone)
    phone.goto("/admin/")
    expect(phone).to_have_url(re.compile("/admin/$"))

    phone.context.clear_cookies()
    phone.goto("/konto/login/")
    phone.get_by_text("Andra sätt att logga in").click()
    phone.locator("#passkey_login").click()
    expect(phone).to_have_url(re.compile("/mitt/"))
    phone.goto("/admin/")
    expect(phone).to_have_url(re.compile("/admin/$"))


def totp_code(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_an_authenticator_app_is_asked_for_after_the_code(editor, phone, assert_accessible):
    sign_in_by_code(phone)
    expect(phone).to_have_url(re.compile("/konto/2fa/"))
    phone.goto("/konto/2fa/totp/activate/")
    assert_accessible(phone)
    secret = phone.locator("#authenticator_secret").input_value()
    phone.locator("input[name=code]").fill(totp_code(secret))
    phone.locator("form .button--primary").first.click()
    expect(phone).to_have_url(re.compile("/konto/2fa/(recovery-codes|reauthenticate)"))
    assert_accessible(phone)

    phone.context.clear_cookies()
    # The same code is not taken twice, so the app's next one is what comes.
    from django.core.cache import cache

    cache.clear()
    sign_in_by_code(phone)
    expect(phone).to_have_url(re.compile("/konto/2fa/authenticate"))
    assert_accessible(phone)
    phone.locator("input[name=code]").fill(totp_code(secret))
    phone.locator("form .button--primary").first.click()

    expect(phone).to_have_url(re.compile("/admin/$"))
