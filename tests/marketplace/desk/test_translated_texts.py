"""Listings, wanted ads and ideas in another language: started, reviewed and shown like the rest."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from marketplace.desk.queue.escalation import escalate_late
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import record_handover
from marketplace.ideas.models import Idea, IdeaProgress
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.organisations.merging.services import merge_organisations
from marketplace.translations.models import TranslatedText
from marketplace.translations.source import Digest, body_of
from marketplace.wanted.models import WantedAd
from search.index.entries import refresh_all
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = pytest.mark.django_db


def sign_in(client, *roles):
    user = give(UserFactory(), *roles)
    client.force_login(user)
    return user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def listing():
    call_command("setup_portal", verbosity=0)
    return ListingFactory(title="Papprör", description="Trettio hela rör.")


@pytest.fixture
def wanted():
    call_command("setup_portal", verbosity=0)
    return WantedAd.objects.create(
        organisation=SchoolFactory(),
        title="Lådor",
        description="Till ett stort bygge.",
        category=CategoryFactory(),
        live=True,
    )


@pytest.fixture
def idea():
    call_command("setup_portal", verbosity=0)
    idea = Idea.objects.create(
        handover=record_handover(
            listing=ListingFactory(),
            receiver=SchoolFactory(),
            facts=HandoverFacts(quantity=1, mass_kg=1, would_have_bought="yes"),
        ),
        type="made",
        title="Raketen",
        text="Vi byggde en raket.",
        age_group="f-3",
        signed="4B",
        live=True,
    )
    IdeaProgress.objects.create(idea=idea, approved_at="2026-01-01T10:00Z")
    return idea


def field_of(thing):
    return {MaterialListing: "listing", WantedAd: "wanted_ad", Idea: "idea"}[type(thing)]


def start(client, thing):
    url = reverse("start_text", args=[field_of(thing), thing.pk])
    answer = client.post(url, {"sprak": "en"})
    return TranslatedText.objects.filter(**{field_of(thing): thing}).first(), answer


def edit_url(text):
    return reverse("wagtailsnippets_marketplace_translatedtext:edit", args=[text.pk])


def write(client, text, title, words, **more):
    """Save what is written, as the form sends it."""
    form = BeautifulSoup(client.get(edit_url(text)).content, "html.parser")
    seen = form.select_one("input[name=seen]")["value"]
    values = {"title": title, "text": words, "seen": seen, **more}
    return client.post(edit_url(text), values, follow=True)


def translated(client, thing, title="Cardboard tubes", words="Thirty whole tubes."):
    """A draft that a translator has written all of."""
    text, _answer = start(client, thing)
    write(client, text, title, words)
    return text


def listed(client, stage=""):
    page = client.get(f"/admin/oversattningar/?lage={stage}")
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select("table.listing tbody tr")


def send(client, text):
    return client.post(reverse("send_text", args=[text.pk]), follow=True)


def queued(client):
    queue = BeautifulSoup(client.get("/admin/ko/?typ=text").content, "html.parser")
    return queue.select("[data-queue-row]")


def decide(client, commits, answer, words=""):
    sign_in(client, "editor")
    (row,) = queued(client)
    with commits():
        return client.post(
            "/admin/ko/",
            {"key": row.select_one("input")["value"], "answer": answer, "text": words},
            follow=True,
        )


def publish(client, commits, thing, *words):
    sign_in(client, "translator")
    text = translated(client, thing, *words)
    send(client, text)
    decide(client, commits, "approve")
    text.refresh_from_db()
    assert text.live
    return text


def address(thing):
    with override("sv"):
        return thing.get_absolute_url()


def english(client, thing):
    client.logout()
    page = client.get(f"/en{address(thing)}", follow=True)
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser")


def test_a_listings_translation_goes_live_through_the_queue(client, listing, commits):
    sign_in(client, "translator")
    text = translated(client, listing)
    (row,) = listed(client, "klar")
    assert "Papprör" in row.get_text()

    answer = send(client, text)

    assert "skickad för granskning" in answer.content.decode()
    assert english(client, listing).h1.get_text(strip=True) == "Papprör"
    decide(client, commits, "approve")
    shown = english(client, listing)
    assert (shown.h1.get_text(strip=True), shown.h1["lang"]) == ("Cardboard tubes", "en")
    assert "Thirty whole tubes." in shown.main.get_text()
    assert "This is a translation" in shown.main.get_text()
    assert "Trettio hela rör." in shown.select_one("details [lang=sv]").get_text()


@pytest.mark.parametrize("kind", ["wanted", "idea"])
def test_wanted_ads_and_ideas_are_translated_likewise(client, request, commits, kind):
    thing = request.getfixturevalue(kind)

    publish(client, commits, thing, "In English", "All of it in English.")

    shown = english(client, thing)
    assert shown.h1.get_text(strip=True) == "In English"
    assert "All of it in English." in shown.main.get_text()
    swedish = BeautifulSoup(client.get(address(thing)).content, "html.parser")
    assert swedish.h1.get_text(strip=True) == thing.title


def test_the_original_comes_back_once_it_says_something_else(client, listing, commits):
    publish(client, commits, listing)
    assert english(client, listing).h1.get_text(strip=True) == "Cardboard tubes"

    listing.description = "Tjugo rör, och några är trasiga."
    listing.save_revision().publish()

    shown = english(client, listing)
    assert (shown.h1.get_text(strip=True), shown.h1["lang"]) == ("Papprör", "sv")
    assert "Tjugo rör" in shown.main.get_text()
    assert "Thirty" not in shown.main.get_text()
    sign_in(client, "translator")
    (row,) = listed(client, "inaktuell")
    assert "Papprör" in row.get_text()
    text = TranslatedText.objects.get()
    assert "Originalet har ändrats" in client.get(edit_url(text)).content.decode()
    write(client, text, "Cardboard tubes", "Twenty tubes, some broken.")
    send(client, text)
    decide(client, commits, "approve")
    assert "some broken" in english(client, listing).main.get_text()


def test_what_was_changed_while_it_waited_cannot_be_approved(client, listing, commits):
    sign_in(client, "translator")
    text = translated(client, listing)
    send(client, text)
    listing.title = "Plaströr"
    listing.save_revision().publish()

    answer = decide(client, commits, "approve")

    assert "Originalet har ändrats" in answer.content.decode()
    text.refresh_from_db()
    assert not text.live
    assert queued(client)


def test_half_a_translation_is_saved_and_not_sent(client, listing):
    sign_in(client, "translator")
    text = translated(client, listing, words="")

    answer = send(client, text)
    from_the_form = write(client, text, "Cardboard tubes", "", **{"action-submit": "1"})

    assert "inte översatta ännu" in answer.content.decode()
    assert "inte översatt" in from_the_form.content.decode()
    assert not text.workflow_in_progress
    (row,) = [each for each in listed(client, "att-gora") if "Papprör" in each.get_text()]
    assert "1 av 2" in row.get_text()


def test_the_form_says_that_the_original_changed_while_somebody_wrote(client, listing):
    sign_in(client, "translator")
    text, _answer = start(client, listing)

    answer = write(client, text, "Tubes", "Thirty.", seen="what was there before")

    assert "har ändrats" in answer.content.decode()
    assert text.get_latest_revision_as_object().title == ""
    write(client, text, "Tubes", "Thirty.")
    text.refresh_from_db()
    assert text.get_latest_revision_as_object().title == "Tubes"


def test_the_editor_sees_both_languages_and_the_translator_the_editors_word(
    client, listing, commits
):
    translator = sign_in(client, "translator")
    text = translated(client, listing)
    send(client, text)
    sign_in(client, "editor")
    (row,) = queued(client)
    opened = client.get(f"/admin/ko/?oppen={row.select_one('input')['value']}").content.decode()
    assert "Thirty whole tubes." in opened
    assert "Trettio hela rör." in opened

    decide(client, commits, "changes", "Säg pipes.")

    assert Notification.objects.filter(user=translator, type="text_changes_requested").exists()
    client.force_login(translator)
    (row,) = listed(client, "andra")
    assert "Säg pipes." in row.get_text()
    send(client, text)
    assert text.workflow_in_progress


def test_the_list_to_start_from_holds_what_nobody_has_started(client, listing):
    other = ListingFactory(title="Skumgummi")
    sign_in(client, "translator")
    page = client.get("/admin/oversattningar/nya/").content.decode()
    assert "Papprör" in page
    assert "Skumgummi" in page

    start(client, listing)

    page = client.get("/admin/oversattningar/nya/").content.decode()
    assert "Papprör" not in page
    assert "Skumgummi" in page
    found = client.get("/admin/oversattningar/nya/?q=bräda").content.decode()
    assert other.title not in found


def test_an_editor_starts_from_the_listings_own_page(client, listing):
    sign_in(client, "editor")
    edit = reverse("wagtailsnippets_marketplace_materiallisting:edit", args=[listing.pk])
    way = reverse("start_text", args=["listing", listing.pk])

    assert way in client.get(edit).content.decode()
    assert "Översätt till engelska" in client.get(way).content.decode()


def test_starting_twice_opens_the_same_translation(client, listing):
    sign_in(client, "translator")
    first, _answer = start(client, listing)

    second, answer = start(client, listing)

    assert second == first
    assert answer.url == edit_url(first)


@pytest.mark.parametrize("role", ["coordinator", "communicator", "support", "steering_group"])
def test_others_neither_start_nor_write_nor_send(client, listing, role):
    sign_in(client, "translator")
    text = translated(client, listing)
    sign_in(client, role)

    for url in (
        reverse("start_text", args=["listing", listing.pk]),
        reverse("send_text", args=[text.pk]),
        edit_url(text),
    ):
        assert client.post(url, {"sprak": "en"}).status_code in (302, 403, 404)

    assert not text.workflow_in_progress
    assert TranslatedText.objects.count() == 1


def test_what_is_not_published_cannot_be_translated(client, listing):
    draft = ListingFactory(title="Inte ännu", draft=True)
    sign_in(client, "translator")

    _text, answer = start(client, draft)

    assert answer.status_code == 404
    assert not TranslatedText.objects.exists()
    assert start(client, listing)[0]


def test_what_waits_for_an_editor_is_not_sent_again(client, listing):
    sign_in(client, "translator")
    text = translated(client, listing)
    send(client, text)
    waiting = TranslatedText.objects.get().current_workflow_state

    send(client, text)

    assert waiting
    assert TranslatedText.objects.get().current_workflow_state == waiting


def test_a_translation_goes_with_what_it_translates(client, wanted, commits):
    publish(client, commits, wanted)

    wanted.delete()

    assert not TranslatedText.objects.exists()


def test_cards_in_english_are_translated_at_no_cost_per_card(
    client, listing, wanted, commits, django_assert_max_num_queries
):
    publish(client, commits, wanted, "Boxes", "For a large building.")
    client.logout()
    client.get("/en/efterlysningar/")
    with django_assert_max_num_queries(40) as few:
        page = client.get("/en/efterlysningar/").content.decode()
    assert "Boxes" in page
    assert "Lådor" not in page
    for number in range(4):
        other = WantedAd.objects.create(
            organisation=wanted.organisation,
            title=f"Burk {number}",
            description="…",
            category=wanted.category,
            live=True,
        )
        TranslatedText.objects.create(
            wanted_ad=other,
            language_code="en",
            title=f"Tin {number}",
            text="…",
            source_digest=other.source.digest,
        )

    with django_assert_max_num_queries(len(few.captured_queries)):
        page = client.get("/en/efterlysningar/").content.decode()

    assert "Tin 3" in page


def test_the_preview_is_the_visitors_page_in_that_language(client, listing):
    sign_in(client, "translator")
    text = translated(client, listing)
    preview = reverse("wagtailsnippets_marketplace_translatedtext:preview_on_edit", args=[text.pk])
    form = BeautifulSoup(client.get(edit_url(text)).content, "html.parser")
    seen = form.select_one("input[name=seen]")["value"]
    client.post(preview, {"title": "Pipes", "text": "Thirty.", "seen": seen})

    shown = BeautifulSoup(client.get(preview).content, "html.parser")

    assert shown.h1.get_text(strip=True) == "Pipes"
    assert shown.html["lang"] == "en"


def test_search_in_english_finds_and_shows_the_translation(client, listing, commits):
    publish(client, commits, listing)
    refresh_all()
    client.logout()

    found = client.get("/en/sok/?q=tubes").content.decode()
    assert "Cardboard tubes" in found
    swedish = client.get("/sok/?q=papprör").content.decode()
    assert "Papprör" in swedish
    assert "Cardboard" not in swedish
    listing.title = "Plaströr"
    listing.save_revision().publish()
    refresh_all()
    assert "Cardboard tubes" not in client.get("/en/sok/?q=tubes").content.decode()
    assert "Plaströr" in client.get("/en/sok/?q=plaströr").content.decode()


def test_what_waits_too_long_comes_to_the_municipalitys_coordinator(client, listing):
    own = give(UserFactory(), "coordinator", municipalities=[listing.municipality])
    other = give(UserFactory(), "coordinator", municipalities=[MunicipalityFactory()])
    member = MembershipFactory(organisation=listing.organisation).user
    with time_machine.travel("2026-03-02 10:00Z"):
        translator = sign_in(client, "translator")
        send(client, translated(client, listing))

    with time_machine.travel("2026-03-09 10:00Z"):
        escalate_late()
        client.force_login(own)
        assert queued(client)
        client.force_login(other)
        assert not queued(client)

    told = Notification.objects.filter(type="answer_is_late").values_list("user", flat=True)
    assert list(told) == [translator.pk]
    assert not Notification.objects.filter(user=member).exists()


def test_the_next_page_keeps_what_was_asked_for(client, listing):
    sign_in(client, "translator")
    ListingFactory(title="Lampor")
    for number in range(20):
        ListingFactory(title=f"Papprör {number}")

    def titles(address):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        return [each.get_text(strip=True) for each in page.select(".listing tbody th")], page

    first, page = titles("/admin/oversattningar/nya/?typ=listing&sprak=en&q=Papprör")
    (onward,) = page.select(".queue-pages a")
    second, _page = titles(f"/admin/oversattningar/nya/{onward['href']}")

    assert (len(first), len(second)) == (20, 1)
    assert all("Papprör" in each for each in first + second)


def test_the_list_takes_out_one_page_however_many_there_are(
    client, listing, django_assert_max_num_queries
):
    sign_in(client, "translator")
    done = TranslatedText.objects.create(
        listing=listing, language_code="en", title="Tubes", text="…", live=True
    )
    TranslatedText.objects.filter(pk=done.pk).update(source_digest=listing.source.digest)
    listed(client)
    with django_assert_max_num_queries(40) as few:
        listed(client)
    others = [
        ListingFactory(title=f"Burk {number:02}", description="", category=listing.category)
        for number in range(45)
    ]
    TranslatedText.objects.bulk_create(
        TranslatedText(listing=each, language_code="en", title="", live=False) for each in others
    )

    with django_assert_max_num_queries(len(few.captured_queries)):
        first = listed(client)
    names = [
        row.th.get_text(strip=True)
        for number in (1, 2, 3)
        for row in listed(client, f"&sida={number}")
        if "Burk" in row.get_text()
    ]

    assert len(first) == 20
    assert names == [each.title for each in others]
    assert [row.th.get_text(strip=True) for row in listed(client, "publicerad")] == ["Papprör"]


DETAILS = {
    "safety_note": "Använd handskar.",
    "dimensions": "2 m långa",
    "colours": "grått",
    "pickup_hours": "Måndagar 9–12",
}


def test_what_a_listing_says_besides_is_translated_with_it(client, listing, commits):
    for name, words in DETAILS.items():
        setattr(listing, name, words)
    listing.save_revision().publish()
    sign_in(client, "translator")
    text = translated(client, listing)
    (row,) = [each for each in listed(client, "att-gora") if "Papprör" in each.get_text()]
    assert "2 av 6" in row.get_text()
    words = {
        "safety_note": "Wear gloves.",
        "dimensions": "2 m long",
        "colours": "grey",
        "pickup_hours": "Mondays 9 to 12",
    }

    unfinished = write(
        client, text, "Tubes", "Thirty.", **words | {"safety_note": "", "action-submit": "1"}
    )
    assert "inte översatt" in unfinished.content.decode()
    write(client, text, "Tubes", "Thirty.", **words)
    send(client, text)
    sign_in(client, "editor")
    (row,) = queued(client)
    opened = client.get(f"/admin/ko/?oppen={row.select_one('input')['value']}").content.decode()
    assert "Använd handskar. → Wear gloves." in opened
    decide(client, commits, "approve")

    shown = english(client, listing)
    for word in words.values():
        assert shown.main.find(string=word).parent["lang"] == "en"
    swedish = BeautifulSoup(client.get(address(listing)).content, "html.parser").main.get_text()
    assert all(word in swedish for word in DETAILS.values())
    listing.dimensions = "3 m långa"
    listing.save_revision().publish()
    assert "3 m långa" in english(client, listing).main.get_text()


def test_a_translator_is_asked_for_nothing_that_the_listing_does_not_say(client, listing):
    listing.colours = "grått"
    listing.save_revision().publish()
    sign_in(client, "translator")
    text, _answer = start(client, listing)

    form = BeautifulSoup(client.get(edit_url(text)).content, "html.parser")

    assert form.select("[name=colours]")
    assert not form.select("[name=dimensions], [name=safety_note]")


WORDS = ["", "Rör", "Åtta rör – ”hela”\noch raka 🙂", "'); --", "100 % \\x00"]


@pytest.mark.parametrize("text", WORDS)
def test_the_database_tells_as_we_do_whether_the_original_has_changed(text):
    things = [
        ListingFactory(title="Träbitar", description=text, colours=colours, pickup_hours=text)
        for colours in ("", "blått")
    ]

    for thing in [*things, CategoryFactory(name="Trä", weight_hint=text)]:
        model = type(thing)
        rows = model.objects.values_list(Digest(thing.TITLE, body_of(model)), flat=True)
        assert rows.get(pk=thing.pk) == thing.source.digest


@pytest.mark.parametrize("kind", ["listing", "wanted", "idea"])
def test_translations_stay_when_organisations_are_merged(client, request, commits, kind):
    thing = request.getfixturevalue(kind)
    publish(client, commits, thing, "In English", "All of it in English.")
    gone = thing.sent_by
    kept = (CompanyFactory if gone.is_company else SchoolFactory)()

    merge_organisations(organisation=gone, into=kept)

    shown = english(client, thing)
    assert shown.h1.get_text(strip=True) == "In English"
    assert "All of it in English." in shown.main.get_text()
    sign_in(client, "translator")
    assert listed(client, "publicerad")
    text = TranslatedText.objects.get()
    write(client, text, "In plain English", "All of it, once more.")
    send(client, text)
    decide(client, commits, "approve")
    assert english(client, thing).h1.get_text(strip=True) == "In plain English"
