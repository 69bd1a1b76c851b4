"""What anybody may send is small, and what anybody does is not what the figures say."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.models import Membership, OfferDraft
from portal.foundation import throttling
from portal.foundation.images.models import CustomImage
from portal.foundation.kept_forms import KeptForm
from search.engines.base import MAX_FILTERS, SearchQuery
from search.statistics.models import SearchCount
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    UserFactory,
    picture_bytes,
)
from tests.marketplace.offers.test_offer import answers

pytestmark = pytest.mark.django_db
OFFER = "/material/erbjud/"


@pytest.fixture
def at_once(time_machine):
    """All within one moment: a slow machine would be let go on after some seconds."""
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)


def browser(number):
    """Somebody's browser, behind the one address that all tests have."""
    return Client(headers={"User-Agent": f"Browser {number}"})


def photo():
    return SimpleUploadedFile("photo.jpg", picture_bytes(), "image/jpeg")


# --- Drafts and pictures --------------------------------------------------------------------------


def test_an_unfinished_offer_keeps_only_the_fields_of_the_form(client):
    MunicipalityFactory()
    client.post(OFFER, answers(junk="x" * 100_000, csrfmiddlewaretoken="y"))

    draft = OfferDraft.objects.get()
    assert draft.data["title"] == [answers()["title"]]
    assert "junk" not in draft.data


def test_unfinished_offers_of_one_person_have_a_quota_and_nothing_typed_is_lost(
    client, monkeypatch
):
    monkeypatch.setattr(OfferDraft, "MOST", 2)
    user = MembershipFactory(organisation=CompanyFactory()).user
    client.force_login(user)
    unready = answers(quantity="", save="1")
    for _time in range(2):
        client.post(OFFER, unready)
    kept = OfferDraft.objects.first()

    page = client.post(OFFER, unready | {"title": "Rör av plåt"})
    changed = client.post(OFFER, unready | {"title": "Rör av mässing", "utkast": kept.pk})

    assert OfferDraft.objects.filter(user=user).count() == 2
    assert "många påbörjade annonser" in page.content.decode()
    assert "Rör av plåt" in page.content.decode()
    assert "många påbörjade annonser" not in changed.content.decode()
    kept.refresh_from_db()
    assert str(kept) == "Rör av mässing"


def test_a_complete_offer_over_the_quota_of_a_browser_stays_in_the_form(client, monkeypatch):
    MunicipalityFactory()
    monkeypatch.setattr(OfferDraft, "MOST", 1)
    assert client.post(OFFER, answers()).status_code == 302

    page = client.post(OFFER, answers(title="Rör av plåt"))

    assert page.status_code == 200
    assert "Rör av plåt" in page.content.decode()
    assert OfferDraft.objects.count() == 1


def test_things_photographed_in_one_go_are_all_kept_or_none(client, monkeypatch):
    monkeypatch.setattr(OfferDraft, "MOST", 2)
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)
    sent = {"several": "1", "title": "Stolar"}

    page = client.post(OFFER, sent | {"photos": [photo() for _each in range(3)]})
    assert page.status_code == 200
    assert len(page.context["photos"].images) == 3
    assert not OfferDraft.objects.exists()

    client.post(OFFER, sent | {"photos": [photo() for _each in range(2)]})
    assert OfferDraft.objects.count() == 2


def test_of_forms_that_wait_for_signing_in_the_newest_are_kept(client, monkeypatch):
    monkeypatch.setattr(KeptForm, "MOST", 2)
    ads = [ListingFactory().pk for _each in range(3)]
    for pk in ads:
        client.post(f"/material/{pk}/boka/", {"quantity": "1"})

    kept = [form.path for form in KeptForm.objects.all()]
    assert kept == [f"/material/{pk}/boka/" for pk in reversed(ads[1:])]


def test_photos_of_one_visitor_end_after_some_and_others_go_on(client):
    client.get(OFFER)
    for _time in range(4):
        page = client.post(OFFER, {"photo_upload": "", "photos": [photo() for _ in range(8)]})

    assert CustomImage.objects.count() == 24
    assert str(throttling.TOO_OFTEN) in page.content.decode()
    browser(2).post(OFFER, {"photo_upload": "", "photos": photo()})
    assert CustomImage.objects.count() == 25


def test_photos_of_an_organisation_have_a_quota_of_their_own(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"photo_organisation": "2/d/key"}
    for organisation in (CompanyFactory(), CompanyFactory()):
        for _member in range(2):
            member = MembershipFactory(
                organisation=organisation,
                role=Membership.Role.MEMBER,
                status=Membership.Status.ACTIVE,
                user=UserFactory(),
            )
            client.force_login(member.user)
            client.post(OFFER, {"photo_upload": "", "photos": [photo(), photo()]})

    assert CustomImage.objects.count() == 4


# --- Search ---------------------------------------------------------------------------------------


def test_no_address_asks_for_hundreds_of_filters(rf):
    names = ("typ", "kategori", "kommun", "ort", "skick", "amne", "alder", "enhet", "givare")
    address = "&".join(f"{name}=c{number}" for name in names for number in range(30))

    query = SearchQuery.from_params(rf.get(f"/sok/?{address}").GET, language="sv")

    assert sum(map(len, query.filters.values())) <= MAX_FILTERS


def test_a_few_filters_are_all_asked_for(rf):
    address = "&".join(f"kommun=kommun-{number}" for number in range(11))

    query = SearchQuery.from_params(rf.get(f"/sok/?{address}").GET, language="sv")

    assert len(query.filters["kommun"]) == 11


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_school_searches_behind_one_address_while_one_of_them_hammers(settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.7", "REMOTE_ADDR": "10.0.0.2"} if proxies else {}
    one = browser("hammering")
    one.get("/sok/", **headers)
    hammered = [one.get("/sok/?q=tyg", **headers).status_code for _time in range(35)]

    assert hammered[0] == 200
    assert hammered[-1] == 429
    others = [browser(n).get("/sok/?q=tyg", **headers).status_code for n in range(40)]
    assert set(others) == {200}


@pytest.mark.usefixtures("at_once")
def test_suggestions_that_come_too_fast_are_empty(client):
    client.get("/sok/")
    answered = [client.get("/sok/forslag/?q=ty") for _time in range(31)]

    assert answered[0].status_code == 200
    assert answered[-1].status_code == 429
    assert answered[-1].json() == {"suggestions": []}


def test_suggestions_of_organisations_read_a_few_words_and_no_more(client):
    CompanyFactory(name="Snickeriet Furan AB")
    found = client.get("/organisationer/forslag/", {"organisation": "furan snickeriet"})
    with CaptureQueriesContext(connection) as queries:
        client.get("/organisationer/forslag/", {"organisation": "a " * 2000})

    assert "Snickeriet Furan AB" in found.content.decode()
    assert max(each["sql"].upper().count("LIKE") for each in queries) < 100


@pytest.mark.parametrize(
    "path",
    ["/organisationer/forslag/?organisation=furan", "/material/erbjud/kategorier/?title=ror"],
)
def test_what_is_suggested_while_one_writes_has_a_limit(client, at_once, path):
    answered = [client.get(path).status_code for _time in range(32)]

    assert (answered[0], answered[-1]) == (200, 429)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_open_data_is_worked_out_as_often_as_the_api_answers(client, settings, kind):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"api": "2/m/ip"}
    days = [f"?period=egen&fran=2026-01-01&till=2026-02-0{day}" for day in (1, 2, 3)]
    answered = [client.get(f"/effekt/data.{kind}{each}").status_code for each in days]

    assert answered == [200, 200, 429]


# --- Figures --------------------------------------------------------------------------------------


def test_a_visitor_counts_once_a_day_for_each_question(client, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+00:00", tick=False)
    for _time in range(5):
        client.get("/sok/?q=tyg")
    client.get("/sok/?q=band")
    browser(2).get("/sok/?q=tyg")

    assert SearchCount.objects.get(text="tyg").searches == 2
    assert SearchCount.objects.get(text="band").searches == 1

    time_machine.move_to("2026-11-03 10:00:00+00:00", tick=False)
    client.get("/sok/?q=tyg")
    assert SearchCount.objects.filter(text="tyg").count() == 2


def test_an_address_counts_so_often_whatever_its_browsers_call_themselves(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "counted_searches_address": "3/d/ip"
    }
    answers = [browser(number).get("/sok/?q=tyg") for number in range(6)]

    # All find what they look for; the figures are not theirs to write.
    assert {answer.status_code for answer in answers} == {200}
    assert SearchCount.objects.get(text="tyg").searches == 3


def test_invented_municipalities_get_no_rows(client):
    place = MunicipalityFactory(slug="bjuv")
    cache.clear()
    client.get("/sok/?q=tyg&kommun=paahittad-1")
    client.get(f"/sok/?q=tyg&kommun={place.slug}")

    assert set(SearchCount.objects.values_list("municipality", flat=True)) == {"", "bjuv"}


def click(client, position, text="tyg"):
    return client.post("/sok/klick/", {"q": text, "position": position})


@pytest.fixture
def found(rf):
    """A question that somebody has asked, with twelve answers."""
    from search.statistics import counting

    def ask(client, visitor):
        request = rf.get("/")
        counting.count_search(
            request=request, text="tyg", municipality="", total=12, visitor=visitor
        )

    return ask


def test_a_click_counts_once_and_only_on_what_was_found(client, rf, found):
    found(client, throttling.visitor_of(rf.get("/")))

    for position in (2400, 13, 0, -1, 7, 7, 3):
        assert click(client, position).status_code == 204

    row = SearchCount.objects.get()
    assert (row.clicks, row.click_positions) == (1, 7)


def test_who_has_not_asked_has_nothing_to_click_on(client, rf, found):
    found(client, throttling.visitor_of(rf.get("/")))

    click(browser("another"), 1)
    click(client, 1, text="annat")

    assert SearchCount.objects.get().clicks == 0


def test_what_is_kept_about_visitors_says_nothing_about_them(client, settings):
    settings.CACHES = settings.CACHES | {
        "limits": {"BACKEND": "portal.foundation.limits.store.DatabaseStore"}
    }
    client.get("/sok/?q=hemligt", headers={"User-Agent": "A rare browser"})

    from portal.foundation.limits.models import LimitEntry

    kept = "".join(f"{row.key}{row.value}" for row in LimitEntry.objects.all())
    assert "counted:" in kept
    assert "hemligt" not in kept
    assert "rare browser" not in kept
