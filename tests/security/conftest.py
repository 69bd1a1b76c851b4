"""One of everything, with its people: what the permission table and the fuzzer try."""

from datetime import time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email
from taggit.models import Tag
from wagtail.models import Collection, Locale
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from inspiration.campaigns.channels import CampaignChannel, CampaignParticipant
from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventPage
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.tips.models import LessonTip
from inspiration.newsletter.models import Newsletter, NewsletterDelivery, Subscriber
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.calendar_entries.models import CalendarFeed
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.joint_requests.models import JointRequest
from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.exchange.notes.models import Note
from marketplace.exchange.pickups.models import PickupTime
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.exchange.waiting_list.services import join_line
from marketplace.hubs.arrivals.services import announce
from marketplace.hubs.cards import make_card
from marketplace.hubs.models import Hub, HubTime
from marketplace.hubs.services import hand_out, open_shelf, take_in
from marketplace.ideas.models import Idea, IdeaInvitation, IdeaProgress
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.purchase_imports.models import PurchaseImport
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.revaluations.models import Revaluation
from marketplace.notifications.delivery import mute_token
from marketplace.notifications.phones import push
from marketplace.notifications.phones.models import PushSubscription
from marketplace.occasions.models import Booking, Occasion
from marketplace.offers.clearing.models import Clearing
from marketplace.offers.clearing.services import add_thing
from marketplace.offers.imports.models import ListingImport
from marketplace.offers.recalls.models import Recall
from marketplace.offers.regular.models import RegularOffer
from marketplace.offers.regular.services import regular_offer_token
from marketplace.offers.services import submit_listing
from marketplace.offers.unplaced.models import Unplaced
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.membership.models import Invitation
from marketplace.organisations.models import Membership
from marketplace.organisations.school_units.models import SchoolImport
from marketplace.translations.services import start_translation
from marketplace.transport.models import Carrier, Round, Run, Shipment, Stop, Tour
from marketplace.wanted.models import WantedAd
from marketplace.wanted.questions.models import GiverQuestion
from portal.site.terms.models import TermsVersion
from search.intentions.models import Intention
from search.saved.models import SavedSearch
from search.synonyms.models import Synonym
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)


def hub_of(school, listing):
    """A hub with all that belongs to one, what comes to it, and a card of its own school."""
    hub = Hub.objects.create(
        organisation=school, name="The hub", slug="hub", address="Street 1", town="Bjuv"
    )
    kilos = {"handful_kg": 1, "bag_kg": 2, "box_kg": 3}
    shelf = open_shelf(hub=hub, name="Shelf 1", category=listing.category, **kilos)
    take_in(shelf=shelf, mass_kg=Decimal(9), origin=CompanyFactory())
    soon = timezone.now() + timedelta(days=2)
    occasion = Occasion.objects.create(
        title=hub.name, starts_at=soon, ends_at=soon + timedelta(hours=1), places=2
    )
    return {
        "hub": hub,
        "arrival": announce(hub=hub, listing=listing, mass_kg=Decimal(4)),
        "hub_time": HubTime.objects.create(hub=hub, day=soon.date(), occasion=occasion),
        "hub_card": make_card(organisation=school, name="Staff room", by=None),
        "shelf": shelf,
        "scan": hand_out(shelf=shelf, organisation=school, size="bag", key=uuid4()),
    }


def joint_of(company, school, category):
    """Two things of one giver that are asked for together."""
    joint = JointRequest.objects.create()
    for _each in range(2):
        ReservationFactory(
            listing=ListingFactory(organisation=company, category=category),
            organisation=school,
            joint_request=joint,
        )
    return joint


def translation_of(page):
    """A translation that somebody has started, with a draft of the page in English."""
    english = Locale.objects.get(language_code="en")
    translate_object(page, [english])
    return Translation.objects.get(target_locale=english)


@pytest.fixture
def world(db, settings):
    """One of everything, with its people, and with phones that can be reached."""
    settings.WEB_PUSH_PRIVATE_KEY = push.new_key()
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/nobody/listens/"
    call_command("setup_portal", verbosity=0)
    here, elsewhere = MunicipalityFactory(), MunicipalityFactory()
    company = CompanyFactory(municipality=here)
    school = SchoolFactory(municipality=here)
    listing = ListingFactory(organisation=company, title="Tubes")
    reservation = ReservationFactory(listing=listing, organisation=school)
    handed = ReservationFactory(
        listing=ListingFactory(organisation=company, category=listing.category),
        organisation=school,
    )
    sent = ListingFactory(organisation=company, category=listing.category, draft=True)
    users = {
        "company": MembershipFactory(organisation=company, role="administrator").user,
        "other_company": MembershipFactory(organisation=CompanyFactory()).user,
        "school": MembershipFactory(organisation=school, role="administrator").user,
        "other_school": MembershipFactory(organisation=SchoolFactory()).user,
        "editor": UserFactory(),
        "communicator": UserFactory(),
        "coordinator": UserFactory(),
        "other_coordinator": UserFactory(),
        "steering": UserFactory(),
        "translator": UserFactory(),
        "support": UserFactory(),
        "superuser": SuperuserFactory(),
    }
    give(users["editor"], "editor")
    for role in ("communicator", "translator", "support"):
        give(users[role], role)
    give(users["steering"], "steering_group")
    for name, municipality in (("coordinator", here), ("other_coordinator", elsewhere)):
        give(users[name], "coordinator")
        give(users[name], "coordinator", municipalities=[municipality])
    accept_reservation(reservation=handed, by=users["company"])
    submit_listing(listing=sent, by=users["company"])
    tomorrow = timezone.now() + timedelta(days=1)
    agreed = ReservationFactory(
        listing=ListingFactory(organisation=company, category=listing.category),
        organisation=school,
        pickup_at=tomorrow,
    )
    accept_reservation(reservation=agreed, by=users["company"])
    empty = ListingFactory(organisation=company, category=listing.category, stock__offered=2)
    promised = ReservationFactory(
        listing=empty, organisation=SchoolFactory(municipality=here), requested_quantity=2
    )
    accept_reservation(reservation=promised, by=users["company"])
    place = join_line(listing=empty, organisation=school, by=users["school"], quantity=1)
    handover = confirm_handover(
        reservation=handed, by=users["school"], quantity=2, mass_kg=1, would_have_bought="yes"
    )
    invitation = IdeaInvitation.objects.create(handover=handover, expires_at="2100-01-01T00:00:00Z")
    idea = Idea.objects.create(
        handover=handover,
        type="made",
        title="Robot",
        text="…",
        age_group="f-3",
        signed="4B",
        live=False,
    )
    IdeaProgress.objects.create(idea=idea)
    approved = Idea.objects.create(
        handover=handover,
        type="made",
        title="Boat",
        text="…",
        age_group="f-3",
        signed="4B",
        live=False,
    )
    IdeaProgress.objects.create(idea=approved, approved_at=timezone.now())
    wanted = WantedAd.objects.create(
        organisation=school,
        title="Boxes",
        description="…",
        category=CategoryFactory(),
        live=True,
    )
    regular = RegularOffer.objects.create(listing=listing, next_on=tomorrow.date())
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Campaigns", locale=home.locale))
    campaign = CampaignPage(
        title="Cardboard", starts_on="2026-01-01", ends_on="2026-02-01", goal=1, locale=home.locale
    )
    event = EventPage(
        title="Hand-out day",
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=1),
        venue="The hub",
        places=9,
        locale=home.locale,
    )
    event = index.add_child(instance=event)
    lesson = index.add_child(instance=LessonIdeaPage(title="Marble run", locale=home.locale))
    kit = LessonKit.objects.create(
        lesson=lesson, organisation=school, children=24, groups=4, monday="2026-02-09"
    )
    tip = LessonTip.objects.create(
        organisation=school, lesson=lesson, title="In the stairs", text="…", live=False
    )
    occasion = Occasion.objects.create(
        title="Hand-out day",
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=1),
        places=9,
        taken=1,
    )
    cleared = add_thing(
        clearing=Clearing.objects.create(
            organisation=company, pickup_address="Street 1", pickup_town="Bjuv"
        ),
        text="12 chairs",
        by=users["company"],
    )
    issue = Newsletter.objects.create(name="November")
    campaign = index.add_child(instance=campaign)
    carrier = Carrier.objects.create(
        municipality=here, name="Caretakers", type="caretakers", vehicle="van"
    )
    today = timezone.localdate()
    round_ = Round.objects.create(
        carrier=carrier,
        weekday=today.weekday(),
        starts=time(7),
        ends=time(16),
        capacity_kg=400,
        capacity_litres=4000,
        start_name="The store",
    )
    tour = Tour.objects.create(run=Run.objects.create(round=round_, date=today), number=1)
    brought = ReservationFactory(
        listing=ListingFactory(organisation=company, category=listing.category),
        organisation=school,
    )
    shipment = Shipment.objects.create(
        reservation=brought, run=tour.run, receives_from=time(8), receives_until=time(15)
    )
    stop = Stop.objects.create(run=tour.run, tour=tour, shipment=shipment, type="fetch", position=1)
    return {
        "carrier": carrier,
        "round": round_,
        "tour": tour,
        "stop": stop,
        "identity_change": IdentityChange.objects.create(organisation=company, name="New name"),
        "role": users["coordinator"].role_assignments.get(),
        "other_role": users["other_coordinator"].role_assignments.get(),
        "channel": CampaignChannel.objects.create(campaign=campaign, name="Poster"),
        "participant": CampaignParticipant.objects.create(campaign=campaign, organisation=school),
        "delivery": NewsletterDelivery.objects.create(newsletter=issue),
        "factor": listing.category.factors.get(),
        "tag": Tag.objects.create(name="tubes"),
        "image": ImageFactory(collection=Collection.get_first_root_node()),
        "sent": sent,
        "costs": CostSharing.objects.create(year=2026, cost_sek=1000),
        "note": Note.objects.create(
            reservation=handed, organisation=school, type="thanks", text="Thanks!"
        ),
        "recall": Recall.objects.create(
            listing=ListingFactory(organisation=company), reason="It is mouldy."
        ),
        "mail": Email.objects.create(from_email="a@example.org", to=["b@example.org"]),
        "revaluation": Revaluation.objects.create(
            first_day="2026-01-01",
            last_day="2026-12-31",
            reason="New factor",
            handovers=0,
            co2e_change_kg=0,
            value_change_sek=0,
            avoided_change_sek=0,
        ),
        # In force later, so that nobody is asked to accept it now.
        "terms": TermsVersion.objects.create(number=1, valid_from="2100-01-01T00:00:00Z"),
        "synonym": Synonym.objects.create(rule="koja => papp"),
        "intention": Intention.objects.create(type="theme", phrases="tema papp", words="papp"),
        "regular": regular,
        "regular_token": regular_offer_token(regular.pk, "2026-03-02", users["company"].pk),
        "import_": ListingImport.objects.create(organisation=company, file_name="a.csv"),
        "purchase_import": PurchaseImport.objects.create(
            organisation=school, file_name="b.csv", year=2026, term="vt"
        ),
        "school_import": SchoolImport.objects.create(
            created_by=users["coordinator"], file_name="c.csv"
        ),
        "purchase": PurchaseReport.objects.create(
            organisation=school,
            municipality=here,
            year=2026,
            term="vt",
            category=listing.category,
            mass_kg=1,
            cost_sek=1,
        ),
        "calendar": CalendarFeed.objects.create(user=users["school"]),
        "colleague": Invitation.objects.create(organisation=school, email="new@example.org"),
        "device": PushSubscription.objects.create(
            user=users["school"], endpoint="https://web.push.apple.com/1", session_key="elsewhere"
        ),
        "session": UserSession.objects.create(
            user=users["school"], ip="10.0.0.1", session_key="elsewhere"
        ),
        "campaign": campaign,
        "event": event,
        "occasion": occasion,
        "lesson": lesson,
        "translation": translation_of(lesson),
        "translated": start_translation(thing=listing, language="en", by=users["translator"]),
        "kit": kit,
        "tip": tip,
        "unplaced": Unplaced.objects.create(listing=listing, ended_on="2026-01-01"),
        "question": GiverQuestion.objects.create(wanted_ad=wanted, organisation=company),
        "clearing": cleared.clearing,
        "cleared": cleared,
        **hub_of(school, listing),
        "booking": Booking.objects.create(occasion=occasion, organisation=school, people=1),
        "issue": issue,
        "subscriber": Subscriber.objects.create(email="reader@example.org", consent="Yes"),
        "agreed": agreed,
        "listing_question": ListingQuestion.objects.create(
            listing=listing, asked_by=users["school"], text="How long?"
        ),
        "joint": joint_of(company, school, listing.category),
        "collaboration": Collaboration.objects.create(
            company=company, partner=school, type="project", recorded_by=users["school"]
        ),
        "empty": empty,
        "handed": handed,
        "place": place,
        "pickup_time": PickupTime.objects.create(
            organisation=company, weekday=1, starts=time(8), ends=time(10)
        ),
        "notification": users["school"].notifications.first(),
        "token": mute_token(users["school"]),
        "users": users,
        "listing": listing,
        "reservation": reservation,
        "handover": handover,
        "invitation": invitation,
        "idea": idea,
        "approved": approved,
        "wanted": wanted,
        "search": SavedSearch.objects.create(
            user=users["school"], name="Tubes", query_string="q=tubes"
        ),
        "company": company,
        "school": school,
        "membership": Membership.objects.get(user=users["school"]),
    }
