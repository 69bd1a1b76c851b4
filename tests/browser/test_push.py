"""Notifications on a device: turned on by a tap, shown by the worker, leading to their page.

The push service itself is the browser maker's: what is posted to it, and how it is encrypted, is
held by marketplace/notifications/test_push. Here the browser is handed a message as if from it.
"""

import json

import pytest

from marketplace.notifications.phones import push
from tests.factories import MembershipFactory, ReservationFactory, SchoolFactory
from tests.marketplace.notifications.gateways import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENDPOINT = "https://web.push.apple.com/abc"


@pytest.fixture
def reservation():
    return ReservationFactory(organisation=SchoolFactory())


@pytest.fixture
def teacher(reservation):
    return MembershipFactory(organisation=reservation.organisation).user


@pytest.fixture
def page(phone, teacher, sign_in_browser, settings):
    """A phone that is signed in, at a portal with a key; it subscribes without its maker."""
    settings.WEB_PUSH_PRIVATE_KEY = push.new_key()
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    answer = Browser(ENDPOINT).answer
    keys = {"p256dh": answer["p256dh"], "auth": answer["auth"]}
    phone.add_init_script(
        f"""PushManager.prototype.subscribe = async () => ({{
            toJSON: () => ({json.dumps({"endpoint": ENDPOINT, "keys": keys})}),
        }});"""
    )
    sign_in_browser(phone, teacher)
    return phone


def test_a_device_is_turned_on_by_a_tap_and_off_again(page, teacher, assert_accessible):
    page.context.grant_permissions(["notifications"])
    page.goto("/mitt/telefon/")
    assert_accessible(page)

    page.get_by_role("button", name="Visa notiser på den här enheten").click()
    page.get_by_text("Nu visas notiser på den här enheten.").wait_for()
    assert teacher.push_subscriptions.get().endpoint == ENDPOINT
    assert_accessible(page)

    page.get_by_role("button", name="Stäng av").click()
    page.get_by_text("Notiser visas inte längre").wait_for()
    assert not teacher.push_subscriptions.exists()


def test_who_says_no_to_the_browser_is_told_how_to_change_that(page, teacher):
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto("/mitt/telefon/")

    page.get_by_role("button", name="Visa notiser på den här enheten").click()

    page.get_by_text("Webbläsaren tillåter inte notiser").wait_for()
    assert not teacher.push_subscriptions.exists()
