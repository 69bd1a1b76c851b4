"""Plans who takes how much of which material on which day, before there is any stock."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import log

from django.utils import timezone

from marketplace.organisations.models import Organisation
from portal.site.demo.files import toml

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


@dataclass
class Taking:
    """One time that material changes hands: planned first, since it decides how much there was."""

    listing: object
    receiver: Organisation
    quantity: Decimal
    day: object
    mass_kg: Decimal | None = None
    purpose: str = ""


class Planning:
    """The part of `History` that chooses what happens."""

    def __init__(self, *, organisations, listings, year):
        self.organisations = organisations
        self.listings = listings
        self.year = year
        self.random = year.random
        self.receivers = [
            each for each in organisations.values() if each.is_municipal and each.is_approved
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
            if (each.type != "preschool" or age < 6)
            and (listing.organisation.name, each.name) not in self.told
        ]
        return self.random.choices(able, [self.eagerness(each, listing) for each in able])[0]

    def eagerness(self, receiver, listing):
        giver = listing.organisation
        north = float(receiver.latitude - giver.latitude) * 111
        east = float(receiver.longitude - giver.longitude) * 62
        distance_km = (north**2 + east**2) ** 0.5
        return EAGERNESS[receiver.municipality.slug] / (1 + distance_km / 8)
