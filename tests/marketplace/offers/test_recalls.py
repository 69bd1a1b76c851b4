"""“Stop using this”: whom it reaches, and what it ends."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from marketplace.exchange.errors import ListingNotAvailable
from marketplace.exchange.handovers.services import confirm_handover, correct_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.impact import figures
from marketplace.impact.figures.periods import Period
from marketplace.listings.models import MaterialListing
from marketplace.notifications.delivery import write_mail
from marketplace.notifications.models import Notification
from marketplace.offers.recalls.models import Recall
from marketplace.offers.services import reopen_listing
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db
REASON = "The paint contains lead. Put it in a bag, and bring it to the recycling centre."


@pytest.fixture
def listing():
    return ListingFactory(title="Red lids")


@pytest.fixture
def giver(listing):
    return MembershipFactory(organisation=listing.organisation, user__language="en").user


def asked(listing, quantity=2):
    school = SchoolFactory()
    teacher = MembershipFactory(organisation=school, user__language="en").user
    return ReservationFactory(
        listing=listing,
        organisation=school,
        created_by=teacher,
        requested_quantity=Decimal(quantity),
    )


def promised(listing, giver):
    return accept_reservation(reservation=asked(listing), by=giver)


def collected(listing, giver):
    reservation = promised(listing, giver)
    return confirm_handover(
        reservation=reservation, by=giver, quantity=Decimal(2), mass_kg=1, would_have_bought="no"
    )


def url(listing):
    with override("en"):
        return reverse("marketplace:recall", args=[listing.pk])


def recall(client, user, listing):
    client.force_login(user)
    return client.post(url(listing), {"reason": REASON}, follow=True)


def told(type="recall"):
    found = Notification.objects.filter(type=type)
    return {each.user.memberships.get().organisation for each in found}


def test_everybody_who_has_received_some_is_told_and_nobody_else(client, listing, giver):
    has = collected(listing, giver)
    came_back = collected(listing, giver)
    correct_handover(handover=came_back, by=giver, reason="Never fetched", quantity=0, mass_kg=0)
    elsewhere = collected(
        ListingFactory(organisation=listing.organisation, category=listing.category), giver
    )

    recall(client, giver, listing)

    assert told() == {has.receiver}
    assert elsewhere.receiver not in told()
    [recalled] = Recall.objects.all()
    assert (recalled.listing, recalled.receivers) == (listing, 1)
    mail = write_mail(Notification.objects.get(type="recall"))
    assert "Stop using it now" in mail.message
    assert REASON in mail.message


def test_the_ledger_in_the_admin_marks_what_is_recalled(client, listing, giver):
    call_command("setup_portal", verbosity=0)
    collected(listing, giver)
    collected(ListingFactory(organisation=listing.organisation), giver)
    recall(client, giver, listing)

    client.force_login(give(UserFactory(), "editor"))
    ledger = client.get("/admin/marketplace/handover/").content.decode()

    assert ledger.count(f"Återkallat {timezone.localdate()}") == 1


def test_what_is_promised_or_asked_for_is_called_off(client, listing, giver):
    waiting, agreed = asked(listing), promised(listing, giver)

    recall(client, giver, listing)

    letter = write_mail(Notification.objects.get(type="reservation_cancelled")).message
    assert REASON in letter
    assert "There is more material on the portal." in letter

    states = Reservation.State
    for reservation, state in ((waiting, states.DECLINED), (agreed, states.CANCELLED)):
        reservation.refresh_from_db()
        assert reservation.state == state
    listing.stock.refresh_from_db()
    assert listing.stock.reserved == 0
    assert not MaterialListing.objects.available().exists()


def test_listing_and_handover_are_marked(client, listing, giver):
    handover = collected(listing, giver)
    receiver = handover.receiver.memberships.get().user

    page = recall(client, giver, listing)
    assert "Recalled: stop using this." in page.content.decode()
    assert "1 receiver is told to stop using it" in page.content.decode()

    client.force_login(receiver)
    with override("en"):
        shown = client.get(reverse("marketplace:reservation", args=[handover.reservation_id]))
    assert REASON in shown.content.decode()


def test_it_is_done_once_and_cannot_be_undone(client, listing, giver):
    collected(listing, giver)
    recall(client, giver, listing)

    again = recall(client, giver, listing)

    assert Recall.objects.count() == Notification.objects.filter(type="recall").count() == 1
    assert "already" in again.content.decode()
    fresh = MaterialListing.objects.get(pk=listing.pk)
    with pytest.raises(ListingNotAvailable):
        reopen_listing(listing=fresh, by=giver)


def test_an_editor_may_recall_and_a_receiver_may_not(client, listing, giver):
    receiver = collected(listing, giver).receiver.memberships.get().user
    editor = UserFactory()
    give(editor, "editor")

    assert recall(client, receiver, listing).status_code == 403
    assert not Recall.objects.exists()
    recall(client, editor, listing)
    assert Recall.objects.get().recalled_by == editor


def test_what_was_never_published_is_not_recalled(client, listing, giver):
    draft = ListingFactory(organisation=listing.organisation, draft=True)

    assert recall(client, giver, draft).status_code in {403, 404}
    assert not Recall.objects.exists()


def test_recalls_are_counted_where_the_giver_is(client, listing, giver):
    recall(client, giver, listing)
    year = Period.year(timezone.localdate().year)
    place = listing.organisation.municipality

    assert figures.use_in_all(period=year)["recalls"] == 1
    assert figures.use_by_municipality(period=year)[place.pk]["recalls"] == 1
