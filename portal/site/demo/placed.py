"""Material that is placed, not only found: a hub, a hand-out day, and schools that give."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from inspiration.events.models import EventPage
from inspiration.pages.models import InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.exchange.reservations.parts import sensible_part
from marketplace.exchange.reservations.services import accept_reservation, request_reservation
from marketplace.hubs.arrivals.services import receive
from marketplace.hubs.arrivals.way import KEY
from marketplace.hubs.closing_models import HubClosing
from marketplace.hubs.models import Hub, HubOpening
from marketplace.hubs.openings import plan_openings
from marketplace.hubs.services import hand_out, open_shelf, take_in
from marketplace.listings.models import MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit
from marketplace.occasions.services import book
from marketplace.offers.clearing.models import Clearing
from marketplace.offers.clearing.services import add_thing, send_all
from marketplace.offers.services import set_stock
from marketplace.offers.unplaced.models import Unplaced
from marketplace.offers.unplaced.services import answer_unplaced
from marketplace.organisations.models import Organisation
from portal.site.demo.calendar import at
from portal.site.demo.files import toml

# Any fixed one will do: keys of taps are made from it, so that every demo is alike.
NAMESPACE = uuid5(NAMESPACE_URL, "https://demo.example/hub")


class Placed:
    """Follows the pages and organisations that are there already."""

    def __init__(self, *, organisations, owner, year):
        self.organisations = organisations
        self.owner = owner
        self.year = year
        self.content = toml("placed.toml")

    def build(self):
        hub = self.hub(self.content["hub"])
        for giver, taker, is_there in self.content["hub"]["arrivals"]:
            self.arrival(hub, self.organisations[giver], self.organisations[taker], is_there)
        self.hand_out_day(self.content["event"], hub)
        self.clearing(self.content["clearing"])
        for row in self.content["given"]:
            self.given(row)
        self.gone_elsewhere()

    def hub(self, row):
        hub = Hub.objects.create(
            organisation=self.organisations[row["organisation"]],
            **{name: row[name] for name in ("name", "slug", "introduction", "address", "town")},
            house_rules="\n".join(row["rules"]),
        )
        for weekday in row["weekdays"]:
            HubOpening.objects.create(
                hub=hub, weekday=weekday, starts=time(13), ends=time(15), places=row["places"]
            )
        year = timezone.localdate().year
        HubClosing.objects.create(
            hub=hub, first_day=date(year, 12, 23), last_day=date(year + 1, 1, 7), reason="Jullov"
        )
        plan_openings()
        takers = [self.organisations[name] for name in row["takers"]]
        for number, (name, slug, portions, lots) in enumerate(row["shelves"]):
            handful, bag, box = map(Decimal, portions)
            shelf = open_shelf(
                hub=hub,
                name=name,
                category=MaterialCategory.objects.source().get(slug=slug),
                handful_kg=handful,
                bag_kg=bag,
                box_kg=box,
            )
            for giver, kilos in lots:
                take_in(shelf=shelf, mass_kg=Decimal(kilos), origin=self.organisations[giver])
            for tap, (taker, size) in enumerate(zip(takers, ("box", "bag", "bag"), strict=False)):
                hand_out(
                    shelf=shelf,
                    organisation=taker,
                    size=size,
                    key=uuid5(NAMESPACE, f"{number}-{tap}"),
                    taken_at=at(self.year.school_day_before(days=tap + 1), 14, 10),
                )
        return hub

    def arrival(self, hub, giver, taker, is_there):
        """Something that `giver` leaves at the hub for `taker`, there already or on its way."""
        wanted = MaterialListing.objects.available().filter(organisation=giver, splittable=True)
        listing = wanted.exclude(reservations__organisation=taker).order_by("pk").first()
        if listing is None:
            return
        reservation = request_reservation(
            listing=listing,
            organisation=taker,
            by=taker.active_members().first() or self.owner,
            quantity=sensible_part(listing, listing.stock),
            safety_confirmed=True,
            way=f"{KEY}:{hub.pk}",
        )
        accept_reservation(reservation=reservation, by=giver.active_members().first() or self.owner)
        if is_there:
            receive(arrival=hub.arrivals.get(reservation=reservation))

    def hand_out_day(self, row, hub):
        """A day to come that is booked full, with some who stand in line."""
        day = self.year.today + timedelta(days=row["starts_in"])
        zone = timezone.get_default_timezone()
        start = datetime.combine(day, time(13), zone)
        pages: dict[str, EventPage] = {}
        for language in ("sv", "en"):
            parent = InspirationIndexPage.objects.get(
                slug="handelser", locale__language_code=language
            )
            texts = row[language]
            page = EventPage(
                title=texts["title"],
                slug=row["slug"],
                summary=texts["summary"],
                locale=parent.locale,
                owner=self.owner,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                venue=hub.name,
                address=hub.address,
                town=hub.town,
                municipality=hub.municipality,
                host=hub.organisation,
                places=row["places"],
                most_per_booking=2,
                drawing=row["drawing"],
            )
            if "sv" in pages:
                page.translation_key = pages["sv"].translation_key
            parent.add_child(instance=page)
            page.save_revision(user=self.owner).publish(user=self.owner)
            pages[language] = page
        occasion = EventPage.objects.get(pk=pages["sv"].pk).occasion
        coming = Organisation.objects.approved().municipal().exclude(pk=hub.organisation_id)
        for organisation in coming.order_by("pk")[: row["bookings"]]:
            member = organisation.active_members().first() or self.owner
            book(occasion=occasion, organisation=organisation, by=member, people=2)

    def clearing(self, row):
        """A school that moves out: everything is there from a day to come."""
        school = self.organisations[row["organisation"]]
        member = school.active_members().first()
        clearing = Clearing.objects.create(
            organisation=school,
            created_by=member,
            available_from=self.year.today + timedelta(days=row["from_in"]),
            available_until=self.year.today + timedelta(days=row["from_in"] + 30),
            pickup_address=school.address,
            pickup_town=school.town,
            storage_place=row["storage_place"],
        )
        for text in row["things"]:
            add_thing(clearing=clearing, text=text, by=member)
        send_all(clearing=clearing, by=member)
        for item in clearing.items.select_related("listing"):
            item.listing.get_latest_revision().publish(user=self.owner)

    def given(self, row):
        """What a school has given, and who has had it."""
        school = self.organisations[row["organisation"]]
        listing = MaterialListing.objects.create(
            organisation=school,
            created_by=school.active_members().first(),
            live=False,
            title=row["title"],
            category=MaterialCategory.objects.source().get(slug=row["category"]),
            pickup_address=school.address,
            pickup_town=school.town,
            contact_name=school.contact_name,
            contact_email=school.contact_email,
        )
        set_stock(
            listing=listing,
            offered=Decimal(row["quantity"]),
            unit=Unit.PIECE,
            kg_per_unit=Decimal(row["kg"]),
        )
        listing.save_revision(user=self.owner).publish(user=self.owner)
        first = at(self.year.school_day_before(days=row["days_ago"]), 9)
        MaterialListing.objects.filter(pk=listing.pk).update(first_published_at=first)
        for taker, quantity, answer, days_ago in row["takers"]:
            facts = HandoverFacts(
                quantity=quantity,
                mass_kg=quantity * Decimal(row["kg"]),
                would_have_bought=answer,
                on=self.year.school_day_before(days=days_ago),
            )
            record_handover(listing=listing, receiver=self.organisations[taker], facts=facts)

    def gone_elsewhere(self):
        """A listing that nobody took all of, and whose giver has said what became of it."""
        today = self.year.today
        ended = MaterialListing.objects.published().filter(
            available_until__lt=today, stock__closed_at=None, unplaced=None
        )
        for listing in ended.order_by("-available_until", "pk"):
            if listing.stock.left > 0:
                unplaced = Unplaced.objects.create(
                    listing=listing, ended_on=listing.available_until
                )
                giver = listing.organisation.active_members().first() or self.owner
                answer_unplaced(unplaced=unplaced, answer=Unplaced.Answer.GONE, by=giver)
                return
