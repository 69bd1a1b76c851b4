"""Reservations that wait for an answer or for their day, and some that came to nothing."""

from datetime import timedelta
from decimal import Decimal

from marketplace.exchange.reservations.models import Reservation, ReservationMessage
from marketplace.notifications.models import Notification
from portal.site.demo.calendar import at
from portal.site.demo.planning import Planning

CURRENT = {"requested": 14, "accepted": 16, "declined": 6, "cancelled": 8, "expired": 5}


class Current(Planning):
    """The part of `History` that is still going on."""

    def ask_and_promise(self):
        fixed = [row for row in self.fixed if row["state"] != "collected"]
        made = [self.fixed_reservation(row) for row in fixed if row["quantity"] != "all"]
        busy = {(each.listing_id, each.organisation_id) for each in made}
        live = [pair for pair in self.listings.values() if pair[1]["state"] == "live"]
        for state in [state for state, count in CURRENT.items() for _each in range(count)]:
            listing, row = self.random.choice(live)
            receiver = self.receiver_for(listing, row)
            stock = listing.stock
            stock.refresh_from_db()
            quantity = self.portion(row, stock.left / 2)
            if (listing.pk, receiver.pk) in busy or quantity > stock.left:
                continue
            busy.add((listing.pk, receiver.pk))
            days_ago = min(self.days_since(state), max(0, int(row["published_days_ago"]) - 1))
            made.append(self.reservation(state, listing, receiver, quantity, days_ago))
        made += [self.fixed_reservation(row) for row in fixed if row["quantity"] == "all"]
        self.converse(made, share=0.6)
        for reservation in made:
            self.notify(reservation)

    def fixed_reservation(self, row):
        listing = self.listings[row["listing"]][0]
        listing.stock.refresh_from_db()
        return self.reservation(
            row["state"],
            listing,
            self.organisations[row["receiver"]],
            listing.stock.left if row["quantity"] == "all" else Decimal(row["quantity"]),
            row["days_ago"],
            pickup_days=row.get("pickup_in_days"),
            purpose=row.get("purpose", ""),
        )

    def days_since(self, state):
        """Some days since a reservation in `state` was asked for."""
        days = {"requested": self.random.randint(0, 6), "accepted": self.random.randint(1, 8)}
        return days.get(state, self.random.randint(16, 60))

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

    def notify(self, reservation):
        """Create the notifications that the services would have sent, without mail."""
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
        organisation, type, when = told
        Notification.objects.bulk_create(
            Notification(
                user=user,
                type=type,
                key=f"reservation:{reservation.pk}:{type}",
                reservation=reservation,
                listing=reservation.listing,
                organisation=organisation,
                created_at=when,
                mailed_at=when,
            )
            for user in organisation.active_members()
        )
