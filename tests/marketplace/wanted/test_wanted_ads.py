"""Wanted ads, over HTTP: the school looks, an editor reviews, companies answer."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone
from wagtail.models import Locale

from marketplace.exchange.waiting_list.models import WaitingPlace
from marketplace.exchange.waiting_list.services import expire_offers
from marketplace.listings.models import MaterialListing
from marketplace.notifications.delivery import write_mail
from marketplace.wanted.models import WantedAd, WantedAnswer
from search.saved.matching import match_new
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]


@pytest.fixture
def editor(db):
    user = UserFactory()
    give(user, "editor")
    return user


@pytest.fixture
def category(db):
    return CategoryFactory(name="Kartong")


@pytest.fixture
def teacher(db):
    return MembershipFactory(organisation=SchoolFactory(name="Björkskolan")).user


@pytest.fixture
def seller(db):
    return MembershipFactory(organisation=CompanyFactory(name="Snickeriet Furan AB")).user


def write(client, category, **changes):
    return client.post(
        "/efterlysningar/ny/",
        {
            "title": "Stora kartonger",
            "category": category.pk,
            "quantity": "20",
            "unit": "st",
            "description": "Vi bygger kojor.",
            "wanted_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
            "tags": "kartong",
        }
        | changes,
    )


@pytest.fixture
def sent(client, editor, teacher, category):
    """An ad that the school has sent, and that waits for an editor."""
    client.force_login(teacher)
    write(client, category)
    return WantedAd.objects.get()


@pytest.fixture
def published(sent, editor):
    sent.current_workflow_task_state.approve(user=editor)
    return WantedAd.objects.get()


def as_(client, user):
    client.force_login(user)
    return client


def test_nobody_looks_for_material_in_the_name_of_an_organisation_that_is_not_approved(
    client, editor, teacher, category
):
    pending = CompanyFactory(name="Helsingborgs stad", approval="pending")
    MembershipFactory(user=teacher, organisation=pending)
    client.force_login(teacher)
    client.post("/mitt/organisation/valj/", {"organisation": pending.pk})
    write(client, category)

    assert WantedAd.objects.get().organisation.name == "Björkskolan"


# --- Review ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/en/efterlysningar/ny/", "/en/material/erbjud/"])
def test_kinds_of_material_are_chosen_in_english_in_groups(client, teacher, category, address):
    below = CategoryFactory(name="Lådor", parent=category)
    english, _new = Locale.objects.get_or_create(language_code="en")
    for row, name in ((category, "Cardboard"), (below, "Boxes")):
        copy = row.copy_for_translation(english)
        copy.name, copy.parent = name, None
        copy.save()
    client.force_login(teacher)

    form = BeautifulSoup(client.get(address).content, "html.parser")

    group = form.select_one("optgroup[label=Cardboard]")
    assert [each.text for each in group.find_all("option")] == ["Cardboard", "Boxes"]


def test_what_a_school_wrote_is_read_as_swedish_on_an_english_page(client, published):
    for address in ("/en/efterlysningar/", f"/en{published.get_absolute_url()}"):
        page = BeautifulSoup(client.get(address).content, "html.parser")

        swedish = [each.get_text(strip=True) for each in page.select("main [lang=sv]")]
        assert {published.title, published.description} <= set(swedish)


def test_an_ad_waits_for_an_editor_before_others_see_it(client, sent, seller):
    page = as_(client, seller).get("/efterlysningar/").content.decode()

    assert "Stora kartonger" not in page
    assert client.get(sent.get_absolute_url()).status_code == 404


def test_editors_are_told_that_an_ad_waits(sent, editor):
    assert editor.notifications.get().type == "wanted_submitted"


def test_an_approved_ad_is_on_the_site_with_amount_and_last_day(client, published, seller):
    page = as_(client, seller).get(published.get_absolute_url()).content.decode()

    assert "Ungefär 20" in page
    assert "Vi bygger kojor." in page
    assert str((timezone.localdate() + timedelta(days=30)).year) in page


def test_an_ad_is_found_by_the_words_that_describe_it(
    client, editor, teacher, category, django_capture_on_commit_callbacks
):
    client.force_login(teacher)
    write(client, category, tags="wellpapp")
    client.logout()
    assert "Stora kartonger" not in client.get("/sok/?q=wellpapp").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        WantedAd.objects.get().current_workflow_task_state.approve(user=editor)

    assert "Stora kartonger" in client.get("/sok/?q=wellpapp").content.decode()


def test_the_school_is_told_that_its_ad_is_online(published, teacher):
    assert [each.type for each in teacher.notifications.all()] == ["wanted_approved"]


def test_the_school_is_told_what_to_change_and_sends_it_again(
    client, sent, editor, teacher, category
):
    sent.current_workflow_task_state.reject(user=editor, comment="Hur stora?")
    page = as_(client, teacher).get("/mitt/").content.decode()

    client.post(
        f"/efterlysningar/{sent.pk}/andra/",
        {
            "title": "Kartonger, minst en meter",
            "category": category.pk,
            "unit": "st",
            "description": "Vi bygger kojor.",
        },
    )

    assert "Hur stora?" in page
    assert teacher.notifications.get().type == "wanted_changes_requested"
    assert sent.current_workflow_state.status == "in_progress"


def test_the_school_is_told_when_an_editor_ends_the_review(
    sent, editor, teacher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sent.current_workflow_state.cancel(user=editor)

    assert teacher.notifications.get().type == "wanted_rejected"


def test_what_an_editor_has_written_goes_with_the_mail_that_the_review_has_ended(
    sent, editor, teacher, django_capture_on_commit_callbacks
):
    sent.current_workflow_task_state.reject(user=editor, comment="Hur stora?")

    with django_capture_on_commit_callbacks(execute=True):
        sent.current_workflow_state.cancel(user=editor)

    assert mail.outbox[-1].to == [teacher.email]
    assert "Hur stora?" in mail.outbox[-1].body


def test_the_school_finds_its_ads_on_my_page(client, published, teacher):
    page = as_(client, teacher).get("/mitt/").content.decode()

    assert "Era efterlysningar" in page
    assert published.get_absolute_url() in page


# --- Answers --------------------------------------------------------------------------------------


def test_a_company_answers_with_words(client, published, seller, teacher):
    as_(client, seller).post(published.get_absolute_url(), {"text": "Vi har trettio."})

    page = as_(client, teacher).get(published.get_absolute_url()).content.decode()
    assert "Vi har trettio." in page
    assert f"mailto:{seller.email}" in page
    assert teacher.notifications.filter(type="wanted_answer").count() == 1


def test_a_company_answers_with_one_of_its_listings(client, published, seller, teacher):
    listing = ListingFactory(organisation=seller.organisations.get(), title="Kartonger i mängd")

    as_(client, seller).post(published.get_absolute_url(), {"listing": listing.pk})

    page = as_(client, teacher).get(published.get_absolute_url()).content.decode()
    assert listing.get_absolute_url() in page


def test_a_company_does_not_answer_with_what_others_offer(client, published, seller):
    listing = ListingFactory()

    as_(client, seller).post(published.get_absolute_url(), {"listing": listing.pk})

    assert not WantedAnswer.objects.exists()


def test_an_empty_answer_is_refused(client, published, seller):
    page = as_(client, seller).post(published.get_absolute_url(), {"text": ""}).content.decode()

    assert "Skriv ett meddelande eller välj en annons." in page


def offer(client, published, category, *, address="/material/erbjud/", button="send"):
    return client.post(
        address,
        {
            "title": "Flyttkartonger",
            "category": category.pk,
            "description": "Hela och rena.",
            "condition": "good",
            "quantity": "30",
            "unit": "st",
            "kg_per_unit": "1",
            "splittable": "on",
            "recurrence": "none",
            "pickup_address": "Hamngatan 1",
            "pickup_town": "Helsingborg",
            "contact_name": "Kim Ek",
            "contact_phone": "070-174 06 05",
            "efterlysning": published.pk,
            button: "1",
        },
    )


def test_a_company_answers_with_a_new_listing(client, published, seller, teacher, category):
    form = as_(client, seller).get(f"/material/erbjud/?efterlysning={published.pk}")
    offer(client, published, category)

    listing = MaterialListing.objects.get()
    answer = WantedAnswer.objects.get()
    page = as_(client, teacher).get(published.get_absolute_url()).content.decode()
    assert "Svar till Björkskolan" in form.content.decode()
    assert f'value="{category.pk}" selected' in form.content.decode()
    assert answer.listing == listing
    assert "Den visas när en redaktör har granskat den." in page
    assert listing.get_absolute_url() not in page


def test_an_answer_that_was_put_aside_as_a_draft_is_told_when_it_is_sent(
    client, published, seller, category
):
    offer(as_(client, seller), published, category, button="save")
    listing = MaterialListing.objects.get()
    address = f"/material/{listing.pk}/andra/"

    assert not WantedAnswer.objects.exists()
    assert "Svar till Björkskolan" in client.get(address).content.decode()

    offer(client, published, category, address=address)

    assert WantedAnswer.objects.get().listing == listing
    assert "Svar till Björkskolan" not in client.get(address).content.decode()

    offer(client, published, category, address=address)

    assert WantedAnswer.objects.count() == 1


def test_everybody_answers_but_the_one_who_looks(client, published, teacher):
    school = MembershipFactory(organisation=SchoolFactory()).user

    as_(client, school).post(published.get_absolute_url(), {"text": "Vi har tio."})
    refused = as_(client, teacher).post(published.get_absolute_url(), {"text": "Vi med!"})

    assert published.answers.get().organisation.memberships.get().user == school
    assert refused.status_code == 403


def test_nobody_answers_for_an_organisation_that_is_not_approved(
    client, published, seller, category
):
    company = seller.organisations.get()
    company.approval = "pending"
    company.save()
    client.force_login(seller)

    said = client.post(published.get_absolute_url(), {"text": "Vi har trettio."})
    offer(client, published, category)
    assert said.status_code == 403
    assert MaterialListing.objects.exists()
    assert not WantedAnswer.objects.exists()

    company.approval = "approved"
    company.save()
    said = client.post(published.get_absolute_url(), {"text": "Vi har trettio."})
    assert said.status_code == 302
    assert WantedAnswer.objects.get().organisation == company


def test_one_company_does_not_see_what_another_has_answered(client, published, seller):
    as_(client, seller).post(published.get_absolute_url(), {"text": "Vi har trettio."})
    other = MembershipFactory(organisation=CompanyFactory()).user

    page = as_(client, other).get(published.get_absolute_url()).content.decode()

    assert "Vi har trettio." not in page


def test_an_answer_makes_one_mail(
    client, published, seller, teacher, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        as_(client, seller).post(published.get_absolute_url(), {"text": "Vi har trettio."})

    assert [message.to for message in mail.outbox] == [[teacher.email]]


def answer_with_stock(client, published, seller, **stock):
    listing = ListingFactory(organisation=seller.organisations.get(), **stock)
    as_(client, seller).post(published.get_absolute_url(), {"listing": listing.pk})
    listing.stock.refresh_from_db()
    return listing


def test_what_is_offered_in_answer_is_held_for_the_school(client, published, seller, teacher):
    listing = answer_with_stock(client, published, seller, stock__offered=30)

    told = teacher.notifications.get(type="wanted_answer")
    page = as_(client, teacher).get(f"/mitt/inkorg/{told.pk}/", follow=True).content.decode()

    # The ad asks for twenty.
    assert listing.stock.left == 10
    assert "20 st" in page
    assert "Ja, vi tar det" in page
    assert "hålls" in write_mail(told).message


def test_what_is_counted_in_another_way_than_the_ad_is_held_as_a_whole(client, published, seller):
    listing = answer_with_stock(
        client, published, seller, stock__offered=30, stock__unit="kg", stock__kg_per_unit=1
    )

    # The ad asks for twenty pieces.
    assert listing.stock.reserved == 30


def test_what_the_school_has_asked_for_already_is_not_held_for_it_as_well(
    client, published, seller, teacher
):
    listing = ListingFactory(organisation=seller.organisations.get())
    ReservationFactory(listing=listing, organisation=published.organisation)

    as_(client, seller).post(published.get_absolute_url(), {"listing": listing.pk})

    told = teacher.notifications.get(type="wanted_answer")
    assert told.listing == listing
    assert "hålls" not in write_mail(told).message
    assert not WaitingPlace.objects.exists()


def test_what_is_held_for_a_school_is_free_again_after_48_hours(client, published, seller):
    listing = answer_with_stock(client, published, seller, stock__offered=20)
    held = listing.stock.left

    WaitingPlace.objects.update(offered_until=timezone.now() - timedelta(minutes=1))
    expire_offers()
    listing.stock.refresh_from_db()

    assert (held, listing.stock.left) == (0, 20)


def test_what_an_organisation_that_waits_offers_is_an_answer_once_it_is_approved(
    client, published, seller, teacher, category, editor, django_capture_on_commit_callbacks
):
    ListingFactory(title="Something that is on the site")
    company = seller.organisations.get()
    company.approval = company.Approval.PENDING
    company.save()
    offer(as_(client, seller), published, category)
    assert not WantedAnswer.objects.exists()
    company.approval = company.Approval.APPROVED
    company.save()

    with django_capture_on_commit_callbacks(execute=True):
        MaterialListing.objects.get(live=False).current_workflow_task_state.approve(user=editor)
    match_new()
    match_new()

    answer = WantedAnswer.objects.get()
    assert (answer.wanted_ad, answer.organisation, answer.author) == (published, company, seller)
    assert teacher.notifications.filter(type="wanted_match").count() == 1
    assert WaitingPlace.objects.get().organisation == published.organisation

    offer(client, published, category, address=f"/material/{answer.listing.pk}/andra/")

    assert WantedAnswer.objects.get() == answer


def test_an_answer_that_waits_for_its_review_is_told_once_when_it_is_published(
    client, published, seller, teacher, category, editor, django_capture_on_commit_callbacks
):
    ListingFactory(title="Something that is on the site")
    offer(as_(client, seller), published, category)
    before = teacher.notifications.filter(type__startswith="wanted_an").count()
    with django_capture_on_commit_callbacks(execute=True):
        MaterialListing.objects.get(live=False).current_workflow_task_state.approve(user=editor)
    match_new()

    told = teacher.notifications.exclude(type="wanted_approved")
    assert before == 0
    assert [each.type for each in told] == ["wanted_match"]
    assert WaitingPlace.objects.get().organisation == teacher.organisations.get()


# --- The end --------------------------------------------------------------------------------------


def test_the_school_takes_its_ad_down(client, published, teacher, seller):
    as_(client, teacher).post(f"/efterlysningar/{published.pk}/avsluta/")

    assert "Stora kartonger" not in client.get("/efterlysningar/").content.decode()
    assert as_(client, seller).get(published.get_absolute_url()).status_code == 404


def test_an_ad_that_is_taken_down_waits_for_no_editor(client, sent, teacher):
    waited = sent.current_workflow_state.status

    as_(client, teacher).post(f"/efterlysningar/{sent.pk}/avsluta/")

    assert waited == "in_progress"
    assert WantedAd.objects.get().current_workflow_state is None


def test_an_ad_ends_by_itself_after_its_last_day(client, published, seller):
    WantedAd.objects.update(wanted_until=timezone.localdate() - timedelta(days=1))

    page = as_(client, seller).get("/efterlysningar/").content.decode()
    refused = client.post(published.get_absolute_url(), {"text": "Vi har trettio."})

    assert "Stora kartonger" not in page
    assert refused.status_code == 403


def test_nobody_else_takes_it_down(client, published, seller):
    answer = as_(client, seller).post(f"/efterlysningar/{published.pk}/avsluta/")

    assert answer.status_code == 403
    assert WantedAd.objects.open().exists()
