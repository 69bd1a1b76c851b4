"""How many interactions besides typing each errand takes on a phone."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.joint_requests.services import create_requests
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.notifications.delivery import action_of
from search.index.entries import refresh_all
from tests.factories import ListingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Thumb:
    """Taps what is found by its role and name, and counts."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, role, name, **options):
        self.page.get_by_role(role, name=name, **options).first.tap()
        self.taps += 1


@pytest.fixture
def listing():
    return ListingFactory(title="Korkmattor", stock__offered=Decimal(10))


def test_from_a_hit_to_a_request_is_three_without_taking_everything(
    phone, sign_in_browser, teacher, listing
):
    refresh_all()
    sign_in_browser(phone, teacher)
    phone.goto("/material/")
    thumb = Thumb(phone)

    thumb.tap("link", "Korkmattor")
    thumb.tap("link", "Boka", exact=True)
    thumb.tap("button", "Skicka bokningen")

    expect(phone.get_by_text("Bokningen är skickad").last).to_be_visible()
    assert thumb.taps <= 3
    assert Reservation.objects.get().requested_quantity < 10


def test_answering_from_a_mail_is_two(phone, sign_in_browser, giver, teacher, listing):

    reservation = request_reservation(
        listing=listing, organisation=teacher.organisations.get(), by=teacher, quantity=Decimal(2)
    )
    sign_in_browser(phone, giver)
    thumb = Thumb(phone)

    # The link of the mail is the first.
    phone.goto(action_of(giver.notifications.get())[1])
    thumb.taps += 1
    thumb.tap("button", "Ja, de får hämta")

    expect(phone.get_by_text("Du har sagt ja").last).to_be_visible()
    reservation.refresh_from_db()
    assert thumb.taps <= 2
    assert reservation.state == "accepted"


@pytest.fixture
def three_things(listing):
    """The mats, and two more of the same giver."""
    others = [
        ListingFactory(title=title, organisation=listing.organisation, stock__offered=Decimal(10))
        for title in ("Papprör", "Burklock")
    ]
    return [listing, *others]


def test_asking_for_three_things_of_one_giver_is_six(
    phone, sign_in_browser, counted, teacher, three_things
):
    """As for one thing, and one tap to see what else there is, and one for each."""
    refresh_all()
    sign_in_browser(phone, teacher)
    phone.goto("/material/")

    phone.get_by_role("link", name="Korkmattor").first.tap()
    phone.get_by_role("link", name="Boka", exact=True).tap()
    phone.get_by_text("på samma gång?").tap()
    phone.get_by_role("checkbox", name="Papprör").tap()
    phone.get_by_role("checkbox", name="Burklock").tap()
    phone.get_by_role("button", name="Skicka bokningen").tap()

    expect(phone.get_by_text("Bokningen är skickad").last).to_be_visible()
    assert counted() == (6, 0)
    assert JointRequest.objects.get().reservations.count() == 3


def test_answering_three_things_from_a_mail_is_two(
    phone, sign_in_browser, giver, teacher, three_things
):
    asked_for(three_things, teacher)
    sign_in_browser(phone, giver)
    thumb = Thumb(phone)

    # The link of the mail is the first.
    phone.goto(action_of(giver.notifications.get())[1])
    thumb.taps += 1
    thumb.tap("button", "Skicka svaret")

    expect(phone.get_by_text("Svaret är skickat").last).to_be_visible()
    assert thumb.taps == 2
    assert {each.state for each in Reservation.objects.all()} == {"accepted"}


def test_handing_over_three_things_is_two(phone, sign_in_browser, giver, teacher, three_things):
    for reservation in asked_for(three_things, teacher):
        accept_reservation(reservation=reservation, quantity=Decimal(2), by=giver)
    sign_in_browser(phone, teacher)
    phone.goto(JointRequest.objects.get().get_absolute_url())
    thumb = Thumb(phone)

    thumb.tap("radio", "Vet inte")
    thumb.tap("button", "Bekräfta att det är hämtat")

    expect(phone.get_by_text("Hämtningen är bekräftad").last).to_be_visible()
    assert thumb.taps == 2
    assert Handover.objects.count() == 3


def asked_for(listings, teacher):
    return create_requests(
        parts={listing: Decimal(2) for listing in listings},
        organisation=teacher.organisations.get(),
        by=teacher,
    )
