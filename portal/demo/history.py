"""A year of requests, promises and handovers, with what people wrote and the ideas they sent."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import log

from django.utils import timezone

from marketplace import services
from marketplace.models import (
    Collaboration,
    Handover,
    Idea,
    IdeaMessage,
    IdeaProgress,
    Notification,
    Organisation,
    Reservation,
    ReservationMessage,
)

from .calendar import at
from .files import toml
from .material import create_stock

# How eagerly each municipality takes part. Not all reach their goal: it is a plausible year.
EAGERNESS = {
    "helsingborg": 2.4,
    "landskrona": 1.5,
    "angelholm": 1.5,
    "klippan": 1.3,
    "hoganas": 1.1,
    "bjuv": 0.9,
    "astorp": 0.8,
    "bastad": 0.7,
    "perstorp": 0.4,
    "svalov": 0.35,
    "orkelljunga": 0.12,
}
TYPICAL_KG = 8
ANSWERS = ["yes", "partly", "no"]
ANSWER_WEIGHTS = [45, 30, 25]
OPEN_REQUESTS, OPEN_PROMISES, DECLINED, CANCELLED, EXPIRED = 14, 16, 6, 8, 5


@dataclass
class Taking:
    """One time that material changes hands: planned first, since it decides how much there was."""

    listing: object
    receiver: Organisation
    quantity: Decimal
    day: object
    mass_kg: Decimal | None = None
    purpose: str = ""


class History:
    """Builds the year from the listings, in the order that things depend on each other."""

    def __init__(self, *, organisations, listings, year):
        self.organisations = organisations
        self.listings = listings
        self.year = year
        self.random = year.random
        self.receivers = [
            each for each in organisations.values() if each.is_receiver and each.is_approved
        ]
        self.talk = toml("conversations.toml")
        self.fixed = toml("reservations.toml")["reservation"]
        self.ideas = toml("ideas.toml")["idea"]
        # A story tells how much one company gave one school, so nothing more may pass between them.
        self.told = {
            (self.listings[row["listing"]][0].organisation.name, row["receiver"])
            for row in self.fixed
            if "story" in row
        }
        self.now = timezone.now()

    def build(self):
        takings = self.plan()
        taken = {}
        for taking in takings:
            taken[taking.listing.pk] = taken.get(taking.listing.pk, 0) + taking.quantity
        for listing, row in self.listings.values():
            create_stock(listing, row, collected=taken.get(listing.pk, Decimal(0)))
        self.record(takings)
        self.correct_some()
        self.ask_and_promise()
        self.send_ideas()
        self.collaborate()

    # --- Planning ---------------------------------------------------------------------------

    def plan(self):
        """Every handover of the year, in order of days."""
        takings = [
            self.fixed_taking(row, self.year.ago(row["days_ago"]))
            for row in self.fixed
            if row["state"] == "collected"
        ]
        pairs = {(taking.listing.title, taking.receiver.name) for taking in takings}
        for idea in self.ideas:
            if (idea["listing"], idea["receiver"]) not in pairs:
                listing, row = self.listings[idea["listing"]]
                first, last = self.window(listing, row)
                quantity = self.portion(row, Decimal(row["quantity"]))
                takings.append(
                    Taking(
                        listing,
                        self.organisations[idea["receiver"]],
                        quantity,
                        self.year.school_day(first, last) or last,
                    )
                )
        for listing, row in self.listings.values():
            fixed = sum(each.quantity for each in takings if each.listing is listing)
            takings += self.random_takings(listing, row, fixed=fixed)
        return sorted(takings, key=lambda taking: (taking.day, taking.listing.pk))

    def fixed_taking(self, row, day):
        mass = row.get("mass_kg")
        return Taking(
            listing=self.listings[row["listing"]][0],
            receiver=self.organisations[row["receiver"]],
            quantity=Decimal(row["quantity"]),
            day=self.year.next_school_day(day),
            mass_kg=Decimal(mass) if mass else None,
            purpose=row.get("purpose", ""),
        )

    def window(self, listing, row):
        """The days on which a listing's material could be collected."""
        first = listing.available_from + timedelta(days=2)
        last = self.year.ago(2)
        if row["state"] == "sold_out":
            last = min(last, first + timedelta(weeks=int(row["weeks"]) + 2))
        elif row["state"] != "live":
            last = min(last, listing.available_until or last)
        return first, max(first, last)

    def random_takings(self, listing, row, *, fixed):
        offered = Decimal(row["quantity"])
        left = offered - fixed
        state, months = row["state"], int(row["published_days_ago"]) / 30
        if state in ("draft", "review", "changes") or (row["whole"] == "yes" and fixed):
            return []
        if state == "sold_out":
            times = 8
        elif row["recurrence"] != "none":
            times = round(months * (1.3 if row["recurrence"] == "weekly" else 0.7))
            left = offered * times
        elif months < 0.3:
            times = 0
        else:
            times, left = self.random.choice([0, 1, 1, 2, 3]), left * Decimal("0.6")
        takings = []
        first, last = self.window(listing, row)
        for turn in range(times):
            # Between terms nobody fetches anything: then it is the first day after.
            day = self.year.school_day(first, last) or self.year.next_school_day(last)
            if left <= 0 or day >= self.year.today:
                break
            last_of_all = state == "sold_out" and turn == times - 1
            whole = last_of_all or row["whole"] == "yes"
            quantity = left if whole else self.portion(row, left)
            receiver = self.receiver_for(listing, row)
            takings.append(Taking(listing, receiver, quantity, day))
            left -= quantity
        return takings

    def portion(self, row, left):
        """A plausible part to take home: some kilograms, in whole units."""
        kg = self.random.lognormvariate(log(TYPICAL_KG), 0.6)
        quantity = max(1, round(kg / float(row["kg_per_unit"])))
        if quantity > 50:
            quantity = round(quantity, -1)
        return max(Decimal(1), min(Decimal(quantity), Decimal(int(left))))

    def receiver_for(self, listing, row):
        """Somebody who takes: rather near, rather eager, and old enough for the material."""
        age = int(row["suitable_from_age"] or 0)
        able = [
            each
            for each in self.receivers
            if (each.kind != "preschool" or age < 6)
            and (listing.organisation.name, each.name) not in self.told
        ]
        return self.random.choices(able, [self.eagerness(each, listing) for each in able])[0]

    def eagerness(self, receiver, listing):
        giver = listing.organisation
        north = float(receiver.latitude - giver.latitude) * 111
        east = float(receiver.longitude - giver.longitude) * 62
        distance_km = (north**2 + east**2) ** 0.5
        return EAGERNESS[receiver.municipality.slug] / (1 + distance_km / 8)

    # --- What has happened ------------------------------------------------------------------

    def record(self, takings):
        reservations = Reservation.objects.bulk_create(
            [self.collected_reservation(taking) for taking in takings]
        )
        for taking, reservation in zip(takings, reservations, strict=True):
            stock = taking.listing.stock
            mass = taking.mass_kg or taking.quantity * stock.kg_per_unit
            answer = self.random.choices(ANSWERS, ANSWER_WEIGHTS)[0]
            services.record_handover(
                listing=taking.listing,
                receiver=taking.receiver,
                quantity=taking.quantity,
                mass_kg=mass,
                would_have_bought=answer,
                on=taking.day,
                by=reservation.created_by,
                reservation=reservation,
                recorded_at=min(reservation.closed_at, self.now),
            )
        self.converse(reservations, share=0.35)

    def collected_reservation(self, taking):
        asked_days = self.random.randint(2, 9)
        asked = max(
            at(taking.day - timedelta(days=asked_days), self.random.randint(7, 20), 12),
            taking.listing.first_published_at,
        )
        answered = asked + timedelta(hours=self.random.randint(1, 40))
        pickup = at(taking.day, self.random.randint(8, 15), self.random.choice([0, 15, 30]))
        answered = min(answered, pickup - timedelta(hours=1))
        return Reservation(
            listing=taking.listing,
            organisation=taking.receiver,
            created_by=taking.receiver.members.first(),
            state=Reservation.State.COLLECTED,
            requested_quantity=taking.quantity,
            accepted_quantity=taking.quantity,
            purpose=taking.purpose or self.random.choice(self.talk["purposes"]),
            pickup_at=pickup,
            pickup_agreed_at=answered,
            created_at=min(asked, answered),
            accepted_at=answered,
            closed_at=pickup + timedelta(minutes=20),
        )

    def converse(self, reservations, *, share):
        messages = []
        for reservation in reservations:
            if self.random.random() > share:
                continue
            thread = self.random.choice(self.talk["thread"])
            sides = (
                (reservation.organisation, thread["receiver"], 3),
                (reservation.listing.organisation, thread["giver"], 5),
            )
            messages += [
                ReservationMessage(
                    reservation=reservation,
                    author=organisation.members.first(),
                    organisation=organisation,
                    text=text,
                    created_at=min(reservation.created_at + timedelta(hours=hours), self.now),
                )
                for organisation, text, hours in sides
            ]
        ReservationMessage.objects.bulk_create(messages)

    def correct_some(self):
        """Two mistakes, corrected as the ledger wants it: reversed, and written anew."""
        stories = {row["listing"] for row in self.fixed} | {each["listing"] for each in self.ideas}
        wrong = [
            handover
            for handover in Handover.objects.select_related("listing").order_by("-handed_over_on")
            if handover.quantity > 4 and handover.listing.title not in stories
        ][: len(self.talk["correction_reasons"])]
        for handover, reason in zip(wrong, self.talk["correction_reasons"], strict=True):
            quantity = handover.quantity - 2
            services.correct_handover(
                handover=handover,
                by=None,
                reason=reason,
                quantity=quantity,
                mass_kg=handover.mass_kg * quantity / handover.quantity,
            )

    # --- What is going on -------------------------------------------------------------------

    def ask_and_promise(self):
        made = []
        for row in self.fixed:
            if row["state"] != "collected":
                listing = self.listings[row["listing"]][0]
                receiver = self.organisations[row["receiver"]]
                quantity, purpose = Decimal(row["quantity"]), row.get("purpose", "")
                pickup_days = row.get("pickup_in_days")
                made.append(
                    self.reservation(
                        row["state"],
                        listing,
                        receiver,
                        quantity,
                        row["days_ago"],
                        pickup_days=pickup_days,
                        purpose=purpose,
                    )
                )
        live = [pair for pair in self.listings.values() if pair[1]["state"] == "live"]
        states = (
            ["requested"] * OPEN_REQUESTS
            + ["accepted"] * OPEN_PROMISES
            + ["declined"] * DECLINED
            + ["cancelled"] * CANCELLED
            + ["expired"] * EXPIRED
        )
        busy = {(each.listing_id, each.organisation_id) for each in made}
        for state in states:
            listing, row = self.random.choice(live)
            receiver = self.receiver_for(listing, row)
            stock = listing.stock
            stock.refresh_from_db()
            quantity = self.portion(row, stock.left / 2)
            if (listing.pk, receiver.pk) in busy or quantity > stock.left:
                continue
            busy.add((listing.pk, receiver.pk))
            days_ago = {
                "requested": self.random.randint(0, 6),
                "accepted": self.random.randint(1, 8),
            }.get(state, self.random.randint(16, 60))
            days_ago = min(days_ago, max(0, int(row["published_days_ago"]) - 1))
            made.append(self.reservation(state, listing, receiver, quantity, days_ago))
        self.converse(made, share=0.6)
        for reservation in made:
            self.notify(reservation)

    def reservation(
        self, state, listing, receiver, quantity, days_ago, *, pickup_days=None, purpose=""
    ):
        asked = min(at(self.year.ago(days_ago), self.random.randint(7, 18), 40), self.now)
        accepted = state == "accepted"
        pickup = None
        if pickup_days or accepted:
            pickup_days = pickup_days or self.random.randint(1, 9)
            day = self.year.next_school_day(self.year.today + timedelta(days=pickup_days))
            pickup = at(day, self.random.randint(8, 14), 30)
        answered = min(asked + timedelta(hours=self.random.randint(1, 30)), self.now)
        note = {
            "declined": self.random.choice(self.talk["decline_reasons"]),
            "cancelled": self.random.choice(self.talk["cancel_reasons"]),
        }.get(state, "")
        if accepted:
            stock = listing.stock
            stock.refresh_from_db()
            stock.reserved += quantity
            stock.save()
        return Reservation.objects.create(
            listing=listing,
            organisation=receiver,
            created_by=receiver.members.first(),
            state=state,
            requested_quantity=quantity,
            accepted_quantity=quantity if accepted else None,
            purpose=purpose or self.random.choice(self.talk["purposes"]),
            pickup_at=pickup,
            pickup_agreed_at=answered if accepted else None,
            closing_note=note,
            created_at=asked,
            accepted_at=answered if accepted else None,
            closed_at=None if state in Reservation.OPEN_STATES else answered,
        )

    def notify(self, reservation):
        """Leave in the inbox what the services would have told, but send no mail about it."""
        told = {
            "requested": (reservation.giver, "reservation_requested", reservation.created_at),
            "accepted": (
                reservation.organisation,
                "reservation_accepted",
                reservation.accepted_at,
            ),
        }.get(reservation.state)
        if told is None:
            return
        organisation, kind, when = told
        Notification.objects.bulk_create(
            Notification(
                user=user,
                kind=kind,
                key=f"reservation:{reservation.pk}:{kind}",
                reservation=reservation,
                listing=reservation.listing,
                organisation=organisation,
                created_at=when,
                mailed_at=when,
            )
            for user in organisation.active_members()
        )

    # --- Ideas and collaborations -----------------------------------------------------------

    def send_ideas(self):
        for row in self.ideas:
            handover = (
                Handover.objects.standing()
                .filter(listing__title=row["listing"], receiver__name=row["receiver"])
                .first()
            )
            sent = min(at(handover.handed_over_on + timedelta(days=9), 10, 20), self.now)
            seen, answered = sent + timedelta(days=1), sent + timedelta(days=4)
            progress, live = row["progress"], row["live"]
            idea = Idea(
                handover=handover,
                kind=row["kind"],
                title=row["title"],
                text=row["text"],
                age_group=row["age_group"],
                signed=row["signed"],
                created_at=sent,
                live=live,
                first_published_at=answered if live else None,
                last_published_at=answered if live else None,
                has_unpublished_changes=not live,
            )
            idea.save()
            revision = idea.save_revision(changed=False, clean=False)
            if live:
                idea.live_revision = revision
                idea.has_unpublished_changes = False
                idea.save()
            approved = progress != "waiting"
            IdeaProgress.objects.create(
                idea=idea,
                approved_at=seen if approved else None,
                decided_by=handover.receiver.members.first() if approved else None,
                thanked_at=answered if progress in ("thanked", "further") else None,
                taken_further_at=answered if progress == "further" else None,
            )
            if "message" in row:
                IdeaMessage.objects.create(
                    idea=idea,
                    author=handover.giver.members.first(),
                    organisation=handover.giver,
                    text=row["message"],
                    created_at=min(answered, self.now),
                )

    def collaborate(self):
        for row in toml("collaborations.toml")["collaboration"]:
            Collaboration.objects.create(
                kind=row["kind"],
                company=self.organisations[row["company"]],
                partner=self.organisations[row["partner"]],
                started_on=self.year.ago(row["days_ago"]),
                note=row["note"],
            )
