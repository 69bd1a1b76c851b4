"""What the key figures know beside the handovers: days of use, ratings, purchases, and the cost."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import cast

from marketplace.exchange.reservations.models import Reservation
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.purchases import TERMS
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.purchases.services import Purchase, report_purchases
from marketplace.impact.ratings.models import Rating
from marketplace.impact.usage.models import UserDay
from marketplace.materials.models import MaterialCategory
from portal.site.demo.files import toml

COST_SEK, FIXED_SEK = Decimal(480_000), Decimal(110_000)
COST_NOTE = "Drift, support och samordning, enligt styrgruppens beslut."
# How likely somebody is to sign in on a school day.
DAILY_USE = {UserDay.Side.COMPANY: 0.05, UserDay.Side.SERVICE: 0.09}
# How often each side answers how a handover went, and with which score from 1 to 5.
RATED_BY_RECEIVER, RATED_BY_GIVER = 0.6, 0.3
SCORES, SCORE_WEIGHTS = [1, 2, 3, 4, 5], [1, 2, 7, 35, 55]
WITH_WORDS = 0.2
# The part of the receivers that report a term's purchases, and what they typically buy.
REPORTING = 0.7
BOUGHT_KG = (4, 40)
BOUGHT = ["papper-kartong", "textil", "farg-lim", "garn-band", "tra", "plast"]
# Bought less each term, since more is used again.
LESS_EACH_TERM = 0.8


class Measured:
    """Follows the history that is there, with dice of its own so that it changes nothing else."""

    def __init__(self, *, organisations, decider, year):
        self.organisations = [each for each in organisations.values() if each.is_approved]
        self.decider = decider
        self.year = year
        self.random = Random(20260103)  # noqa: S311  # not a secret

    def build(self):
        self.share_costs()
        self.use()
        self.rate()
        self.report_purchases()

    def share_costs(self):
        costs, _created = CostSharing.objects.get_or_create(
            year=self.year.today.year,
            defaults={"cost_sek": COST_SEK, "fixed_sek": FIXED_SEK, "note": COST_NOTE},
        )
        costs.save_revision(user=self.decider, log_action=True)

    def use(self):
        days = [self.year.ago(number) for number in range(1, self.year.DAYS)]
        seen = set()
        for organisation in self.organisations:
            side = UserDay.Side.COMPANY if organisation.is_company else UserDay.Side.SERVICE
            for user in organisation.members.all():
                seen |= {
                    (user, day, organisation.municipality, side)
                    for day in days
                    if self.random.random() < DAILY_USE[side] * self.year.weight(day)
                }
        UserDay.objects.bulk_create(
            (
                UserDay(user=user, day=day, municipality=municipality, side=side)
                for user, day, municipality, side in seen
            ),
            ignore_conflicts=True,
        )

    def rate(self):
        words = toml("conversations.toml")["ratings"]
        collected = Reservation.objects.filter(state=Reservation.State.COLLECTED)
        ratings = []
        for reservation in collected.select_related("organisation", "listing__organisation"):
            for organisation, share in (
                (reservation.organisation, RATED_BY_RECEIVER),
                (reservation.giver, RATED_BY_GIVER),
            ):
                if self.random.random() > share:
                    continue
                score = self.random.choices(SCORES, SCORE_WEIGHTS)[0]
                told = self.random.random() < WITH_WORDS
                ratings.append(
                    Rating(
                        reservation=reservation,
                        organisation=organisation,
                        municipality_id=organisation.municipality_id,
                        score=score,
                        text=self.random.choice(words["good" if score > 3 else "bad"])
                        if told
                        else "",
                        created_at=cast(datetime, reservation.closed_at) + timedelta(hours=2),
                    )
                )
        Rating.objects.bulk_create(ratings)

    def report_purchases(self):
        categories = list(MaterialCategory.objects.source().filter(slug__in=BOUGHT))
        receivers = [each for each in self.organisations if each.is_municipal]
        for number, (year, term) in enumerate(self.terms()):
            for receiver in receivers:
                if self.random.random() > REPORTING:
                    continue
                report_purchases(
                    organisation=receiver,
                    year=year,
                    term=term,
                    purchases=[
                        Purchase(
                            category,
                            mass_kg=round(
                                Decimal(self.random.uniform(*BOUGHT_KG) * LESS_EACH_TERM**number), 1
                            ),
                        )
                        for category in self.random.sample(categories, 3)
                    ],
                    by=receiver.members.first(),
                )

    def terms(self):
        """(year, term) of each term that the year of the demo touches, the first one first."""
        first, today = self.year.ago(self.year.DAYS), self.year.today
        return [
            (year, term)
            for year in range(first.year, today.year + 1)
            for term in (PurchaseReport.Term.SPRING, PurchaseReport.Term.AUTUMN)
            if TERMS[term](year).end >= first and TERMS[term](year).start <= today
        ]
