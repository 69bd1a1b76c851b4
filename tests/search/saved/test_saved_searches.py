"""Saved searches: kept by one button, told once, stopped by one click."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override
from post_office.models import Email

from marketplace.notifications import digests as notifications_digests
from marketplace.notifications.models import MailPreference
from marketplace.wanted.models import WantedAd
from search.index.entries import refresh_all
from search.index.sync import send_changes
from search.saved import matching as saved_matching
from search.saved import services as saved_services
from search.saved.matching import match_new
from search.saved.models import SavedSearch, SavedSearchHit
from search.saved.services import choose_frequency, send_alert, send_alerts
from tests.factories import (
    CategoryFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def teacher(db):
    return MembershipFactory(organisation=SchoolFactory(), user__email="larare@example.org").user


@pytest.fixture
def search(teacher):
    yesterday = timezone.now() - timedelta(days=1)
    return SavedSearch.objects.create(
        user=teacher, name="Papprör", query_string="q=pappr%C3%B6r", created_at=yesterday
    )


def publish(**values):
    """A new listing that has reached the table of what can be found."""
    listing = ListingFactory(**values)
    refresh_all()
    return listing


def mails_to(user):
    return [email for email in Email.objects.order_by("pk") if email.to == [user.email]]


def test_one_button_keeps_the_search_with_its_filters(client, teacher):
    MunicipalityFactory(slug="bjuv", name="Bjuv")
    client.force_login(teacher)
    page = client.get("/sok/?q=tyg&kommun=bjuv&sort=nyast").content.decode()
    button = re.search(r'name="sokning" value="([^"]+)"', page)

    client.post("/mitt/sokningar/spara/", {"sokning": button[1].replace("&amp;", "&")})

    kept = teacher.saved_searches.get()
    assert (kept.name, kept.query_string) == ("tyg, Bjuv", "q=tyg&kommun=bjuv")
    assert kept.frequency == "at_once"


def test_the_list_of_material_is_kept_as_a_search_for_material(client, teacher):
    client.force_login(teacher)
    ListingFactory(title="Tyg")
    refresh_all()

    page = client.get("/material/?q=tyg").content.decode()

    assert 'name="sokning" value="q=tyg&amp;typ=material"' in page


def test_the_same_search_is_kept_once(client, teacher):
    client.force_login(teacher)

    for address in ("q=tyg&kommun=a&kommun=b", "kommun=b&q=tyg&kommun=a&sort=nyast&sida=3"):
        client.post("/mitt/sokningar/spara/", {"sokning": address})

    assert teacher.saved_searches.count() == 1


def test_whoever_is_signed_out_is_asked_to_sign_in_and_comes_back(client, db):
    page = client.get("/sok/?q=tyg").content.decode()

    assert "/konto/login/?next=/sok/%3Fq%3Dtyg" in page


def test_a_new_listing_is_mailed_at_once_in_the_persons_language(
    search, django_capture_on_commit_callbacks
):
    search.user.language = "en"
    search.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        listing = publish(title="Papprör i mängd")
        match_new()

    (email,) = mails_to(search.user)
    assert email.subject == "New for “Papprör”: Papprör i mängd"
    assert f"/en/material/{listing.pk}/" in email.message
    assert f"/en/material/{listing.pk}/" in email.html_message
    assert [sent.to for sent in mail.outbox] == [[search.user.email]]


def test_what_is_new_for_one_search_stays_new_when_another_is_mailed_or_silenced(
    search, django_capture_on_commit_callbacks
):
    weekly = SavedSearch.Frequency.WEEKLY
    other = SavedSearch.objects.create(
        user=search.user,
        name="Glas",
        query_string="q=glasburkar",
        frequency=weekly,
        created_at=search.created_at,
    )
    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Papprör i mängd", description="")
        publish(title="Glasburkar", description="")
        match_new()
    assert search.hits.get().notified_at
    assert other.hits.get().notified_at is None

    choose_frequency(search=search, frequency=SavedSearch.Frequency.NEVER)
    assert other.hits.get().notified_at is None

    choose_frequency(search=other, frequency=SavedSearch.Frequency.NEVER)
    assert other.hits.get().notified_at


def test_what_does_not_answer_is_not_mailed(search, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Glasburkar", description="")
        match_new()

    assert mails_to(search.user) == []


def test_filters_count_as_on_the_page(search, django_capture_on_commit_callbacks):
    wood = CategoryFactory(slug="tra")
    SavedSearch.objects.filter(pk=search.pk).update(query_string="kategori=tra&kommun=bjuv")
    bjuv = MunicipalityFactory(slug="bjuv")
    below = CategoryFactory(slug="spill", parent=wood)

    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Rätt", category=below, organisation__municipality=bjuv)
        publish(title="Annan kommun", category=below)
        publish(title="Annat slag", organisation__municipality=bjuv)
        match_new()

    assert [re.search(r"- (\w+)", each.message)[1] for each in mails_to(search.user)] == ["Rätt"]


def test_elasticsearch_finds_the_same(elasticsearch, search, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Papprör i mängd")
        publish(title="Glasburkar", description="")
        send_changes()
        match_new()

    assert len(mails_to(search.user)) == 1


def test_what_elasticsearch_has_not_got_yet_is_matched_all_the_same(
    elasticsearch, search, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Papprör i mängd")
        match_new()

    assert len(mails_to(search.user)) == 1


def test_ones_own_wanted_ad_is_no_news(search, teacher, django_capture_on_commit_callbacks):
    for organisation in (teacher.organisations.get(), SchoolFactory()):
        with django_capture_on_commit_callbacks(execute=True):
            WantedAd.objects.create(
                organisation=organisation,
                title="Kartong",
                description="Kartong till kojor",
                category=CategoryFactory(),
                live=True,
                first_published_at=timezone.now(),
            )
    SavedSearch.objects.update(query_string="q=kartong")
    refresh_all()
    match_new()

    assert SavedSearchHit.objects.count() == 1


def test_what_answers_ones_ad_is_not_told_as_a_hit_too(search, teacher):
    school, category = teacher.organisations.get(), CategoryFactory()
    WantedAd.objects.create(
        organisation=school, title="Rör", category=category, description="Till en bana", live=True
    )
    SavedSearch.objects.update(query_string="q=papprör")
    for each in (category, CategoryFactory()):
        ListingFactory(title="Papprör", category=each)
    refresh_all()
    match_new()

    assert teacher.notifications.filter(type="wanted_match").count() == 1
    assert SavedSearchHit.objects.count() == 1


def test_what_was_there_before_the_search_is_no_news(search, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(title="Papprör", first_published_at=timezone.now() - timedelta(days=3))
        match_new()

    assert mails_to(search.user) == []


def test_nothing_is_told_twice_however_often_all_is_run(search, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        listing = publish(title="Papprör")
        match_new()
        listing.title = "Papprör, ändrat"
        listing.save()
        refresh_all()
        match_new()
        call_command("periodic", verbosity=0)
        call_command("periodic", verbosity=0)

    assert len(mails_to(search.user)) == 1


def test_what_comes_back_is_not_told_again(search, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        listing = publish(title="Papprör")
        match_new()
        for live in (False, True):
            listing.live = live
            listing.save()
            refresh_all()
            match_new()

    assert len(mails_to(search.user)) == 1


def test_a_crash_between_finding_and_telling_loses_nothing(search):
    publish(title="Papprör")
    # The job that should have written the mail never ran.
    match_new()
    assert mails_to(search.user) == []

    call_command("periodic", verbosity=0)

    assert len(mails_to(search.user)) == 1


def test_a_crash_while_matching_leaves_it_to_the_next_time(search, monkeypatch):
    publish(title="Papprör")

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(saved_matching, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            match_new()
    assert SavedSearchHit.objects.count() == 0

    call_command("periodic", verbosity=0)

    assert len(mails_to(search.user)) == 1


def test_a_crash_while_telling_writes_neither_mail_nor_mark(search, monkeypatch):
    publish(title="Papprör")
    match_new()

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(saved_services, "put_in_inbox", crash)
        with pytest.raises(KeyboardInterrupt):
            send_alert(search.pk)
    assert mails_to(search.user) == []

    send_alerts()
    send_alerts()

    assert len(mails_to(search.user)) == 1


@pytest.mark.parametrize(("frequency", "days"), [("daily", 1), ("weekly", 7)])
def test_summaries_wait_for_their_morning_and_are_one_mail(search, frequency, days):
    monday = datetime(2030, 3, 4, 9, tzinfo=STOCKHOLM)
    SavedSearch.objects.filter(pk=search.pk).update(frequency=frequency, summary_at=monday)
    publish(title="Papprör, korta")
    publish(title="Papprör, långa")
    match_new()

    send_alerts(monday + timedelta(hours=5))
    assert mails_to(search.user) == []
    next_time = monday + timedelta(days=days)
    send_alerts(next_time)
    send_alerts(next_time + timedelta(minutes=5))

    (email,) = mails_to(search.user)
    assert email.subject == "2 nya träffar för ”Papprör”"
    assert email.message.count("- Papprör") == 2


def test_without_mail_nothing_is_kept_for_later(search):
    choose_frequency(search=search, frequency="never")
    publish(title="Papprör")
    match_new()

    choose_frequency(search=search, frequency="at_once")
    send_alerts()

    assert mails_to(search.user) == []
    assert search.hits.count() == 1


def test_whoever_has_muted_everything_finds_it_in_the_inbox_only(search):
    notifications_digests.choose_frequency(
        user=search.user, frequency=MailPreference.Frequency.NEVER
    )
    publish(title="Papprör")
    match_new()

    send_alerts()

    assert mails_to(search.user) == []
    assert search.user.notifications.get().context["title"] == "Papprör"


def test_the_inbox_leads_to_what_was_found(client, search):
    listing = publish(title="Papprör")
    match_new()
    send_alerts()
    client.force_login(search.user)

    page = client.get("/mitt/inkorg/").content.decode()
    answer = client.get(f"/mitt/inkorg/{search.user.notifications.get().pk}/")

    assert "Nytt för ”Papprör”: Papprör" in page
    assert answer.url == listing.get_absolute_url()


def test_one_click_of_the_mail_reader_stops_it_without_signing_in(client, search):
    publish(title="Papprör")
    match_new()
    send_alerts()
    (email,) = mails_to(search.user)
    link = re.search(r"<https?://[^/]+(/[^>]+)>", email.headers["List-Unsubscribe"])[1]

    answer = client.post(link, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert email.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    search.refresh_from_db()
    assert search.frequency == "never"


def test_opening_the_link_changes_nothing(client, search):
    with override("sv"):
        page = client.get(f"/mitt/sokningar/post/{search.stop_token}/")

    search.refresh_from_db()
    assert "Sluta mejla om den här bevakningen" in page.content.decode()
    assert search.frequency == "at_once"


@pytest.mark.parametrize("token", ["x", "1:abc:def"])
def test_a_guessed_link_opens_nothing(client, db, token):
    assert client.post(f"/mitt/sokningar/post/{token}/", {"stop": "1"}).status_code == 404


def test_a_search_is_renamed_mails_less_often_and_is_removed(client, search):
    client.force_login(search.user)

    client.post(
        f"/mitt/sokningar/{search.pk}/andra/",
        {f"s{search.pk}-name": "Rör till kulbanan", f"s{search.pk}-frequency": "weekly"},
    )
    page = client.get("/mitt/sokningar/").content.decode()
    search.refresh_from_db()
    assert (search.name, search.frequency) == ("Rör till kulbanan", "weekly")
    assert "Rör till kulbanan" in page

    client.post(f"/mitt/sokningar/{search.pk}/bort/")
    assert not SavedSearch.objects.exists()


def test_a_search_needs_a_name(client, search):
    client.force_login(search.user)

    page = client.post(
        f"/mitt/sokningar/{search.pk}/andra/",
        {f"s{search.pk}-name": "", f"s{search.pk}-frequency": "weekly"},
    ).content.decode()

    assert 'aria-invalid="true"' in page
    search.refresh_from_db()
    assert search.frequency == "at_once"


def test_nobody_keeps_more_searches_than_one_can_follow(client, teacher, monkeypatch):
    monkeypatch.setattr(SavedSearch, "MAX_PER_PERSON", 1)
    client.force_login(teacher)

    client.post("/mitt/sokningar/spara/", {"sokning": "q=tyg"})
    page = client.post("/mitt/sokningar/spara/", {"sokning": "q=trä"}, follow=True)

    assert "Ta bort en först" in page.content.decode()
    assert teacher.saved_searches.count() == 1
