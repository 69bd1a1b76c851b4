"""The demo site, built once for all tests here."""

import io
from collections import Counter
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import Page

from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.services import add_handovers
from inspiration.events.models import EventPage
from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.tips.models import LessonTip
from inspiration.newsletter.models import Newsletter
from inspiration.stories.models import CaseStoryPage
from marketplace.desk.translations.pages import translations
from marketplace.desk.translations.stages import Stage
from marketplace.desk.translations.texts import texts
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.stock.models import Stock
from marketplace.hubs.models import Hub, Scan
from marketplace.ideas.models import Idea
from marketplace.impact import figures
from marketplace.impact.costs.models import CostSharing
from marketplace.impact.figures.costs import cost_shares
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.impact.ratings.models import Rating
from marketplace.listings.models import MaterialListing
from marketplace.municipalities.models import Municipality
from marketplace.occasions.models import Booking
from marketplace.offers.clearing.models import Clearing
from marketplace.offers.unplaced.models import Unplaced
from marketplace.organisations.models import Organisation
from marketplace.translations.models import TranslatedText
from marketplace.transport.models import Carrier, Drive, Run
from marketplace.wanted.demand import demand
from marketplace.wanted.models import WantedAd
from portal.foundation.images.models import CustomImage
from portal.site.demo.calendar import is_school_day
from portal.site.demo.people import PASSWORD, SIGN_INS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_every_municipality_has_organisations_that_give_and_receive():
    with_both = {
        municipality.name
        for municipality in Municipality.objects.all()
        if municipality.organisations.companies().exists()
        and municipality.organisations.municipal().exists()
    }

    assert len(with_both) == 11


def test_listings_are_in_every_state():
    listings = MaterialListing.objects.all()
    in_review = [each for each in listings if each.workflow_in_progress]

    assert listings.count() >= 120
    assert listings.available().count() >= 60
    assert listings.archived().count() >= 40
    assert listings.available().filter(stock__reserved__gt=0).exists()
    assert listings.filter(stock__offered=F("stock__collected")).exists()
    assert listings.filter(stock__closed_at__isnull=False).exists()
    assert len(in_review) == 6
    assert any(
        each.current_workflow_state
        and each.current_workflow_state.status == each.current_workflow_state.STATUS_NEEDS_CHANGES
        for each in listings
    )


def test_no_stock_is_promised_twice():
    assert not Stock.objects.filter(offered__lt=F("reserved") + F("collected")).exists()


def test_a_year_of_handovers_follows_the_school_year():
    # A hub believes a phone about the last week only, which may be a week of holidays.
    agreed = Handover.objects.filter(reservation__isnull=False)
    days = list(agreed.values_list("handed_over_on", flat=True))

    assert len({(day.year, day.month) for day in days}) >= 10
    assert all(is_school_day(day) for day in days)


def test_the_second_half_of_the_year_brings_more_than_the_first():
    months = figures.by_month(figures.handovers())
    half = len(months) // 2

    assert sum(sums["handovers"] for _month, sums in months[half:]) > sum(
        sums["handovers"] for _month, sums in months[:half]
    )


def test_most_but_not_all_municipalities_reach_their_goal():
    sums = figures.by_municipality(figures.handovers())
    reached = [each for each in sums.values() if each["mass_kg"] >= 100]

    assert len(sums) == 11
    assert 7 <= len(reached) <= 10


def test_the_cost_of_the_year_is_shared_to_the_last_ore():
    costs = CostSharing.objects.get(year=timezone.localdate().year)
    shares = cost_shares(costs, list(Municipality.objects.all()))

    assert len(shares) == 11
    assert all(share.cost_sek > 10_000 for share in shares)
    assert sum(share.cost_sek for share in shares) == costs.cost_sek
    assert costs.latest_revision.user.is_superuser


def test_every_report_has_something_to_tell():
    period = figures.Period.ever()
    use = figures.use_in_all(period=period)
    terms = PurchaseReport.objects.values_list("year", "term").distinct()

    assert use["returning_users"] > 20
    assert 3.5 < use["rating"] < 5
    assert Rating.objects.exclude(text="").exists()
    assert not Rating.objects.filter(created_at__gt=timezone.now()).exists()
    assert len(set(terms)) >= 2


def test_mistakes_have_been_corrected_in_the_open():
    reversals = Handover.objects.exclude(reverses=None)

    assert reversals.count() == 2
    assert all(reversal.reason for reversal in reversals)


def test_every_story_rests_on_handovers():
    stories = CaseStoryPage.objects.filter(locale__language_code="sv")

    assert {story.title: story.kilograms for story in stories} == {
        "Skumspillet som blev ett landskap": Decimal(85),
        "Ett golv på prov": Decimal(120),
        "Bryggan mellan segelloftet och slöjdsalen": Decimal(22),
        "Papprören som bar": Decimal(48),
        "Kontoret som flyttade in i skolan": Decimal(240),
        "Ljud av aluminium": Decimal(64),
        "Frön som fick en andra chans": Decimal(40),
        "Trossen som blev balansbana": Decimal(55),
    }


def test_every_page_is_there_in_both_languages():
    started = Page.objects.filter(live=False, locale__language_code="en")
    pages = Page.objects.live().filter(depth__gt=1)
    pages = pages.exclude(translation_key__in=started.values("translation_key"))
    languages = Counter(pages.values_list("locale__language_code", flat=True))
    translated = Counter(pages.values_list("translation_key", flat=True))

    assert languages["sv"] == languages["en"]
    assert set(translated.values()) == {2}


def test_lesson_ideas_and_campaigns_are_as_many_as_promised():
    states = Counter(page.state for page in CampaignPage.objects.all())

    assert LessonIdeaPage.objects.count() == 30
    assert states == {"running": 2, "over": 2}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_opens(client, language):
    pages = Page.objects.live().filter(depth__gt=1, locale__language_code=language)
    answers = {page.url: client.get(page.get_url()).status_code for page in pages}

    assert set(answers.values()) == {200}


def test_photographs_say_what_they_show_and_who_took_them():
    images = CustomImage.objects.all()

    assert images.count() == 25
    assert not images.filter(alt_text="").exists()
    assert not images.filter(credit="").exists()


def test_the_credits_name_every_photographer(client):
    text = client.get("/en/bilder/").content.decode()

    assert text.count("Gary Thung, Mindy Yang") == 25


def stages_of(rows):
    return {Stage.of_rank(rank) for rank in rows.values_list("stage", flat=True)}


def test_translations_are_in_every_stage():
    assert stages_of(translations()) == set(Stage)


def test_translated_listings_are_in_every_stage_and_ads_and_ideas_too():
    live = TranslatedText.objects.filter(live=True)

    assert stages_of(texts()) == set(Stage)
    assert live.exclude(wanted_ad=None).exists()
    assert live.exclude(idea=None).exists()


def test_wanted_ads_and_ideas_are_in_several_states():
    assert WantedAd.objects.open().count() >= 6
    assert Idea.objects.published().count() >= 5
    assert Idea.objects.waiting_for_teacher().count() >= 1


def test_schools_have_tipped_of_lessons_and_one_tip_waits(client):
    tip = LessonTip.objects.published().exclude(lesson=None).first()

    assert tip.title in client.get(tip.lesson.url).content.decode()
    assert LessonTip.objects.published().own_ideas().exists()
    assert LessonTip.objects.filter(live=False).get().workflow_in_progress


@pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda each: each.name)
def test_each_role_can_sign_in(sign_in):
    user = authenticate(username=sign_in.email, password=PASSWORD)

    assert user is not None
    assert user.role_assignments.count() == bool(sign_in.staff_role)
    assert user.organisations.count() == bool(sign_in.organisation)


def test_the_sign_ins_are_printed():
    out = io.StringIO()

    call_command("demo", print_logins=True, stdout=out)

    assert all(sign_in.email in out.getvalue() for sign_in in SIGN_INS)
    assert PASSWORD in out.getvalue()


def test_a_second_run_does_nothing():
    with CaptureQueriesContext(connection) as queries:
        call_command("demo", here=True, stdout=io.StringIO())

    assert len(queries) <= 2


def test_nobody_gets_mail_about_the_demo(mailoutbox):
    assert not Email.objects.exclude(status=STATUS.sent).exists()
    assert mailoutbox == []


def test_one_newsletter_has_been_sent_with_results_and_one_is_a_draft():
    sent, draft = Newsletter.objects.with_results().order_by("pk")

    assert sent.finished_at
    assert sent.copies >= 50
    assert sent.copies == sent.delivered + sent.bounced
    assert (sent.bounced, sent.ended) == (1, 2)
    assert draft.is_draft
    assert draft.recipients().count() >= 5


def test_campaigns_lead_from_visits_over_offers_to_handovers():
    for campaign in CampaignPage.objects.filter(locale__language_code="sv"):
        channels = add_handovers(list(campaign.channels.with_results()))

        assert sum(channel.visits for channel in channels) > 100
        assert sum(channel.offered for channel in channels) >= 3
        assert sum(channel.handovers for channel in channels) >= 2
        assert campaign.participants.count() >= 5


def test_somebody_waits_for_the_company_to_answer(client):
    company = Organisation.objects.get(name="Sagoskogens Snickeri AB")

    assert company.listings.filter(reservations__state="requested").count() >= 2


def test_without_debug_it_must_be_asked_for(monkeypatch):
    monkeypatch.setattr("portal.management.commands.demo.is_loaded", lambda: False)

    with pytest.raises(CommandError, match="known password"):
        call_command("demo", stdout=io.StringIO())


def test_two_carriers_drive_and_a_tuesday_is_planned_and_locked():
    carriers = Carrier.objects.all()
    run = Run.objects.coming().order_by("date").first()

    assert carriers.count() == 2
    assert run.date.weekday() == 1
    assert run.locked_at
    stops = list(run.stops.all())
    assert len(stops) >= 6
    assert all(stop.planned_at and stop.promised_from for stop in stops)
    assert Drive.objects.count() > 3
    assert figures.climate(figures.handovers()).transport > 0


def test_a_hub_takes_in_keeps_and_has_handed_out():
    hub = Hub.objects.get()

    assert hub.openings.exists()
    assert all(shelf.left_kg > 0 for shelf in hub.shelves.all())
    assert Scan.objects.filter(shelf__hub=hub).count() > 3
    assert hub.arrivals.expected().exists()
    assert hub.arrivals.kept().exists()


def test_a_hand_out_day_is_booked_full_and_a_school_clears_out():
    day = EventPage.objects.live().filter(locale__language_code="sv").get().occasion
    found = Clearing.objects.get().items.all()

    assert day.starts_at > timezone.now()
    assert day.left == 0
    assert Booking.objects.filter(occasion=day).exclude(state=Booking.State.BOOKED).exists()
    assert len(found) >= 3
    assert all(item.listing.available_from > timezone.localdate() for item in found)


def test_schools_have_given_and_what_was_not_placed_is_told():
    found, _others = demand(Municipality.objects.all())

    given = Handover.objects.standing().filter(giver__in=Organisation.objects.municipal())
    assert given.exclude(listing__shelf__isnull=False).exists()
    assert Unplaced.objects.filter(mass_kg__gt=0).exists()
    assert found


def test_a_round_on_tuesdays_has_driven_on_tuesdays():
    driven = {drive.tour.run.date.weekday() for drive in Drive.objects.select_related("tour__run")}

    assert driven == {1}
