"""One row of every snippet, none of which may be seen by accident."""

from datetime import time

from django.core.management import call_command
from taggit.models import Tag

from inspiration.campaigns.channels import CampaignChannel, CampaignParticipant
from inspiration.campaigns.models import CampaignPage
from inspiration.lessons.tips.models import LessonTip
from inspiration.newsletter.models import Newsletter, NewsletterDelivery, Subscriber
from inspiration.pages.models import HomePage, InspirationIndexPage
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.hubs.models import Hub
from marketplace.ideas.models import Idea, IdeaProgress
from marketplace.impact.collaborations.models import Collaboration
from marketplace.impact.costs.models import CostSharing
from marketplace.translations.models import TranslatedText
from marketplace.transport.models import Carrier, Round
from marketplace.wanted.models import WantedAd
from portal.site.terms.models import TermsVersion
from search.intentions.models import Intention
from search.synonyms.models import Synonym
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MunicipalityFactory,
    SchoolFactory,
)

SECRET = "Hemlighet"


def one_of_everything():
    """A row of every snippet model but municipalities, in a municipality of its own."""
    call_command("setup_portal", verbosity=0)
    # Municipalities are public, and their names stand in filters that everybody sees.
    place = MunicipalityFactory(name="Grannby", slug="grannby")
    category = CategoryFactory(name=f"{SECRET} trä", slug="hemligt-tra")
    company = CompanyFactory(name=f"{SECRET} AB", municipality=place)
    school = SchoolFactory(name=f"{SECRET}sskolan", municipality=place)
    listing = ListingFactory(
        title=f"{SECRET}sbrädor", organisation=company, category=category, draft=True
    )
    handover = record_handover(
        listing=ListingFactory(organisation=company, category=category),
        receiver=school,
        by=None,
        facts=HandoverFacts(quantity=1, mass_kg=1, would_have_bought="yes"),
    )
    idea = Idea.objects.create(
        handover=handover,
        type="made",
        title=f"{SECRET}sroboten",
        text="…",
        age_group="f-3",
        signed="4B",
        live=False,
    )
    IdeaProgress.objects.create(idea=idea)
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Campaigns", locale=home.locale))
    campaign = index.add_child(
        instance=CampaignPage(
            title=f"{SECRET}skampanj",
            starts_on="2026-01-01",
            ends_on="2026-02-01",
            goal=1,
            locale=home.locale,
        )
    )
    issue = Newsletter.objects.create(name=f"{SECRET}sbrev")
    reader = Subscriber.objects.create(email=f"{SECRET}@example.org", consent="Yes")
    carrier = Carrier.objects.create(
        municipality=place, name=f"{SECRET}sbilen", type="caretakers", vehicle="van"
    )
    round_ = Round.objects.create(
        carrier=carrier,
        weekday=1,
        starts=time(7),
        ends=time(16),
        capacity_kg=400,
        capacity_litres=4000,
        start_name=f"{SECRET}sförrådet",
    )
    return [
        carrier,
        round_,
        listing,
        WantedAd.objects.create(
            organisation=school,
            title=f"{SECRET}slådor",
            description="…",
            category=category,
            live=False,
        ),
        idea,
        TranslatedText.objects.create(
            listing=listing, language_code="en", title=f"{SECRET} boards", live=False
        ),
        LessonTip.objects.create(
            organisation=school, title=f"{SECRET}stipset", text="…", live=False
        ),
        company,
        Collaboration.objects.create(company=company, partner=school, type="project"),
        Hub.objects.create(
            organisation=school,
            name=f"{SECRET}a navet",
            slug="hemligt",
            address="Gatan 1",
            town="Grannby",
        ),
        category,
        category.factors.create(
            kgco2e_per_kg=1, sek_per_kg=1, source=f"{SECRET}skälla", source_year=2024
        )
        if not category.factors.exists()
        else category.factors.get(),
        Tag.objects.create(name=f"{SECRET}sord", slug="hemligt-ord"),
        CostSharing.objects.create(year=2026, cost_sek=1000, note=f"{SECRET}snot"),
        TermsVersion.objects.create(number=1, valid_from="2100-01-01T00:00:00Z"),
        CampaignChannel.objects.create(campaign=campaign, name=f"{SECRET}slänk"),
        CampaignParticipant.objects.create(campaign=campaign, organisation=school),
        issue,
        reader,
        NewsletterDelivery.objects.create(newsletter=issue, subscriber=reader),
        Synonym.objects.create(rule=f"{SECRET} => papp"),
        Intention.objects.create(type="theme", phrases=f"{SECRET} i naturen", words="papp"),
    ]
