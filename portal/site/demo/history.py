"""A year of requests, promises and handovers, with what people wrote and the ideas they sent."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.exchange.reservations.models import Reservation
from marketplace.ideas.models import Idea, IdeaMessage, IdeaProgress
from marketplace.impact.collaborations.models import Collaboration
from portal.site.demo.calendar import at
from portal.site.demo.current import Current
from portal.site.demo.files import toml
from portal.site.demo.material import create_stock, save_with_revision

ANSWERS = ["yes", "partly", "no"]
ANSWER_WEIGHTS = [45, 30, 25]


class History(Current):
    """Builds the year from the listings, in the order that things depend on each other."""

    def build(self):
        takings = self.plan()
        taken: dict[int, Decimal] = {}
        for taking in takings:
            taken[taking.listing.pk] = taken.get(taking.listing.pk, Decimal(0)) + taking.quantity
        for listing, row in self.listings.values():
            create_stock(listing, row, collected=taken.get(listing.pk, Decimal(0)))
        self.record(takings)
        self.correct_some()
        self.ask_and_promise()
        self.send_ideas()
        self.collaborate()

    # --- What has happened ------------------------------------------------------------------

    def record(self, takings):
        reservations = Reservation.objects.bulk_create(
            [self.collected_reservation(taking) for taking in takings]
        )
        for taking, reservation in zip(takings, reservations, strict=True):
            stock = taking.listing.stock
            mass = taking.mass_kg or taking.quantity * stock.kg_per_unit
            answer = self.random.choices(ANSWERS, ANSWER_WEIGHTS)[0]
            record_handover(
                listing=taking.listing,
                receiver=taking.receiver,
                by=reservation.created_by,
                reservation=reservation,
                recorded_at=min(cast(datetime, reservation.closed_at), self.now),
                facts=HandoverFacts(
                    quantity=taking.quantity, mass_kg=mass, would_have_bought=answer, on=taking.day
                ),
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

    def correct_some(self):
        """Two mistakes, corrected the ledger's way: reversed, then recorded again."""
        stories = {row["listing"] for row in self.fixed} | {each["listing"] for each in self.ideas}
        wrong = [
            handover
            for handover in Handover.objects.select_related("listing").order_by("-handed_over_on")
            if handover.quantity > 4 and handover.listing.title not in stories
        ][: len(self.talk["correction_reasons"])]
        for handover, reason in zip(wrong, self.talk["correction_reasons"], strict=True):
            quantity = handover.quantity - 2
            correct_handover(
                handover=handover,
                by=None,
                reason=reason,
                quantity=quantity,
                mass_kg=handover.mass_kg * quantity / handover.quantity,
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
            answered = sent + timedelta(days=4)
            idea = self.idea(row, handover, sent=sent, answered=answered)
            self.progress(row["progress"], idea, sent=sent, answered=answered)
            if "message" in row:
                IdeaMessage.objects.create(
                    idea=idea,
                    author=handover.giver.members.first(),
                    organisation=handover.giver,
                    text=row["message"],
                    created_at=min(answered, self.now),
                )

    def idea(self, row, handover, *, sent, answered):
        live = row["live"]
        same = ("type", "title", "text", "age_group", "signed")
        idea = Idea(
            handover=handover,
            **{name: row[name] for name in same},
            created_at=sent,
            live=live,
            first_published_at=answered if live else None,
            last_published_at=answered if live else None,
            has_unpublished_changes=not live,
        )
        idea.save()
        save_with_revision(idea, None)
        return idea

    def progress(self, progress, idea, *, sent, answered):
        approved = progress != "waiting"
        IdeaProgress.objects.create(
            idea=idea,
            approved_at=sent + timedelta(days=1) if approved else None,
            decided_by=idea.handover.receiver.members.first() if approved else None,
            thanked_at=answered if progress in ("thanked", "further") else None,
            adopted_at=answered if progress == "further" else None,
        )

    def collaborate(self):
        for row in toml("collaborations.toml")["collaboration"]:
            Collaboration.objects.create(
                type=row["type"],
                company=self.organisations[row["company"]],
                partner=self.organisations[row["partner"]],
                started_on=self.year.ago(row["days_ago"]),
                note=row["note"],
            )
