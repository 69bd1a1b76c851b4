"""How campaigns and newsletters reached people: visits, offers, who takes part, and readers."""

from datetime import timedelta
from random import Random
from typing import cast

from django.db.models import Q
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import Page

from inspiration.campaigns.channels import (
    CampaignChannel,
    CampaignParticipant,
    ChannelOffer,
    ChannelVisits,
)
from inspiration.campaigns.models import CampaignPage
from inspiration.newsletter.models import (
    Newsletter,
    NewsletterDelivery,
    NewsletterItem,
    NewsletterText,
    Subscriber,
)
from marketplace.exchange.handovers.models import Handover
from marketplace.listings.models import MaterialListing
from marketplace.municipalities.models import Municipality
from portal.site.demo.calendar import at, is_school_day
from portal.site.demo.files import toml

# Visits on a school day by the kind of link; in the first days there are three times as many.
VISITS = {"poster": 3, "newsletter": 5, "social": 4, "other": 2}
# The part of what is offered in a campaign whose giver has come by one of its links.
BY_A_LINK = 0.5
READERS = 64
CONSENT = "Ja, skicka mig nyhetsbrevet."


class Reach:
    """Follows the history that is there, with dice of its own so that it changes nothing else."""

    def __init__(self, *, organisations, sender, year):
        self.organisations = organisations
        self.sender = sender
        self.year = year
        self.random = Random(20260102)  # noqa: S311  # not a secret

    def build(self):
        for campaign in CampaignPage.objects.filter(locale__language_code="sv"):
            self.spread(campaign)
            self.take_part(campaign)
        readers = self.readers()
        for row in toml("newsletters.toml")["newsletter"]:
            newsletter = self.write(row)
            if "days_ago" in row:
                self.send(newsletter, readers, at(self.year.ago(row["days_ago"]), 8, 15))

    # --- Campaigns --------------------------------------------------------------------------

    def days(self, campaign):
        last = min(campaign.ends_on, self.year.today)
        count = (last - campaign.starts_on).days + 1
        return [campaign.starts_on + timedelta(days=number) for number in range(count)]

    def spread(self, campaign):
        """A link more than every campaign has, visits by each, and offers that came by them."""
        CampaignChannel.objects.create(
            campaign=campaign, type=CampaignChannel.Type.OTHER, name="Affischen på biblioteken"
        )
        channels = list(campaign.channels.order_by("pk"))
        ChannelVisits.objects.bulk_create(
            ChannelVisits(channel=channel, day=day, visits=visits)
            for channel in channels
            for number, day in enumerate(self.days(campaign))
            if (visits := self.visits(channel, day, first_days=number < 5))
        )
        given = self.handovers(campaign).values("listing")
        offered = MaterialListing.objects.filter(Q(pk__in=campaign.listings()) | Q(pk__in=given))
        for listing in offered.filter(campaign_offer=None).order_by("pk"):
            if self.random.random() < BY_A_LINK:
                ChannelOffer.objects.create(channel=self.random.choice(channels), listing=listing)

    def handovers(self, campaign):
        last = min(campaign.ends_on, self.year.today)
        return Handover.objects.filter(
            handed_over_on__range=(campaign.starts_on, last),
            category__in=campaign.counted_categories,
        )

    def visits(self, channel, day, *, first_days):
        usual = VISITS[channel.type] if is_school_day(day) else 0.4
        return round(self.random.gammavariate(2, usual / 2) * (3 if first_days else 1))

    def take_part(self, campaign):
        """Those who gave or received in it, most of them, signed up in its first weeks."""
        handovers = self.handovers(campaign)
        known = {pk for pair in handovers.values_list("giver", "receiver") for pk in pair}
        channels = [None, *campaign.channels.order_by("pk")]
        days = self.days(campaign)[:14]
        for organisation in sorted(self.organisations.values(), key=lambda each: each.pk):
            if organisation.pk in known and organisation.is_approved and self.random.random() < 0.8:
                CampaignParticipant.objects.create(
                    campaign=campaign,
                    organisation=organisation,
                    signed_up_by=organisation.members.first(),
                    channel=self.random.choice(channels),
                    created_at=min(at(self.random.choice(days), 10, 5), timezone.now()),
                )

    # --- Newsletters ------------------------------------------------------------------------

    def readers(self):
        """People who asked for the newsletter; a few never confirmed it, and a few ended it."""
        places = [None, *Municipality.objects.order_by("pk")]
        readers = []
        for number in range(READERS):
            asked = at(self.year.ago(self.random.randint(30, 300)), 19, number % 60)
            readers.append(
                Subscriber(
                    email=f"lasare{number + 1}@demo.example",
                    language="en" if number % 8 == 3 else "sv",
                    municipality=self.random.choice(places),
                    consent=CONSENT,
                    asked_at=asked,
                    confirmation_sent_at=asked,
                    confirmed_at=asked + timedelta(minutes=7) if number % 16 != 5 else None,
                )
            )
        # Unconfirmed subscribers are removed after a week, so these have only just asked.
        for reader in readers:
            if reader.confirmed_at is None:
                reader.asked_at = reader.confirmation_sent_at = timezone.now()
        return Subscriber.objects.bulk_create(readers)

    def write(self, row):
        newsletter = Newsletter(name=row["name"], material_count=row["material"])
        newsletter.texts = [
            NewsletterText(
                language=language,
                subject=row[language]["subject"],
                introduction=row[language]["introduction"],
                sort_order=order,
            )
            for order, language in enumerate(("sv", "en"))
        ]
        pages = Page.objects.filter(locale__language_code="sv", depth__gt=2)
        newsletter.items = [
            NewsletterItem(page=pages.get(title=title), sort_order=order)
            for order, title in enumerate(row["pages"])
        ]
        newsletter.municipalities = list(
            Municipality.objects.filter(slug__in=row["municipalities"])
        )
        newsletter.save()
        return newsletter

    def send(self, newsletter, readers, when):
        """As if it had been sent: nearly all arrived, one address was gone, two ended it."""
        confirmed = [reader for reader in readers if reader.confirmed_at]
        emails = Email.objects.bulk_create(
            Email(
                from_email="portal@example.org",
                to=[reader.email],
                subject=newsletter.text_in(reader.language).subject,
                status=STATUS.sent,
            )
            for reader in confirmed
        )
        deliveries = [
            NewsletterDelivery(
                newsletter=newsletter,
                subscriber=reader,
                email=email,
                settled_at=when + timedelta(seconds=number),
            )
            for number, (reader, email) in enumerate(zip(confirmed, emails, strict=True))
        ]
        bounced, *ended = self.random.sample(deliveries, 3)
        gone, *leaving = [cast(Subscriber, each.subscriber) for each in (bounced, *ended)]
        bounced.bounced_at = gone.bounced_at = when + timedelta(minutes=2)
        bounced.bounce_note = "550 5.1.1 User unknown"
        for delivery, reader in zip(ended, leaving, strict=True):
            later = when + timedelta(hours=self.random.randint(1, 30))
            delivery.unsubscribed_at = reader.unsubscribed_at = later
        NewsletterDelivery.objects.bulk_create(deliveries)
        Subscriber.objects.bulk_update([gone, *leaving], ["bounced_at", "unsubscribed_at"])
        newsletter.started_at = when
        newsletter.finished_at = when + timedelta(minutes=1)
        newsletter.sent_by = self.sender
        newsletter.save()
