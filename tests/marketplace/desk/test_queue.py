"""The queue: everything that waits, and deciding about it."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import TaskState
from wagtail.users.models import UserProfile

from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from marketplace.desk.queue.services import decide
from marketplace.exchange.notes.models import Note
from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.notifications.models import Notification
from marketplace.offers.services import submit_listing
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.errors import WordsMissing
from marketplace.wanted.models import WantedAd
from marketplace.wanted.services import submit_wanted_ad
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    give,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
QUEUE = "/admin/ko/"


@pytest.fixture
def here():
    return MunicipalityFactory(name="Klippan", slug="klippan")


@pytest.fixture
def editor():
    return give(UserFactory(first_name="Eva", language="en"), "editor")


@pytest.fixture
def coordinator(here):
    return give(UserFactory(), "coordinator", municipalities=[here])


def sign_in(client, user):
    UserProfile.objects.get_or_create(user=user, defaults={"preferred_language": "en"})
    client.force_login(user)
    return client


def sent_listing(place=None, **values):
    """A listing that its company has sent in."""
    company = CompanyFactory(municipality=place or MunicipalityFactory())
    member = MembershipFactory(organisation=company, user__language="en").user
    listing = ListingFactory(organisation=company, draft=True, **values)
    submit_listing(listing=listing, by=member)
    return listing


def key_of(listing):
    return f"listing-{listing.current_workflow_task_state.pk}"


def soup_of(client, address=QUEUE):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup):
    return [each.get_text(strip=True) for each in soup.select(".queue-row__title")]


def waiting_page():
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Artiklar", locale=home.locale))
    page = index.add_child(
        instance=ArticlePage(title="Papper blir papper", live=False, locale=home.locale)
    )
    author = give(UserFactory(), "communicator")
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return page, author


def test_everything_that_waits_stands_in_one_list_the_oldest_first(client, here):
    now = timezone.now()
    listing = sent_listing(here, title="Tygrester")
    school = SchoolFactory(municipality=here, name="Ekskolan")
    teacher = MembershipFactory(organisation=school).user
    ad = WantedAd(
        organisation=school, title="Kartonger", description="…", category=CategoryFactory()
    )
    submit_wanted_ad(wanted_ad=ad, by=teacher)
    waiting_page()
    SchoolFactory(approval="pending", name="Nya skolan", municipality=here)
    IdentityChange.objects.create(organisation=school, name="Ekens skola")
    MembershipFactory(organisation=school, status="pending", user__first_name="Noor")
    reservation = ReservationFactory(organisation=school, listing__title="Plank")
    Note.objects.create(
        reservation=reservation, organisation=school, type="problem", text="Ingen kom."
    )
    Email.objects.create(
        from_email="a@example.org", to=["b@example.org"], subject="Hej", status=STATUS.failed
    )
    TaskState.objects.filter(pk=listing.current_workflow_task_state.pk).update(
        started_at=now - timedelta(days=9)
    )

    found = titles(soup_of(sign_in(client, SuperuserFactory())))

    assert found[0] == "Tygrester"
    joining = next(each for each in found if each.startswith("Noor"))
    assert joining.endswith("wants to join Ekskolan")
    assert set(found) - {joining} == {
        "Tygrester",
        "Kartonger",
        "Papper blir papper",
        "Nya skolan",
        "Ekskolan → Ekens skola",
        "Plank",
        "Hej",
    }


def test_a_row_says_who_where_since_when_and_what_to_look_out_for(client, editor, here):
    listing = sent_listing(
        here, title="Spik", sharp_edges=True, safety_note="Använd handskar.", suitable_from_age=10
    )
    TaskState.objects.filter(pk=listing.current_workflow_task_state.pk).update(
        started_at=timezone.now() - timedelta(days=9)
    )

    row = soup_of(sign_in(client, editor)).select_one("[data-queue-row]")

    words = " ".join(row.get_text(" ", strip=True).split())
    assert f"{listing.organisation.name} · Klippan" in words
    assert "1 week, 2 days" in words.replace("\xa0", " ")
    assert "Late" in words
    assert [each.get_text() for each in row.select(".queue-row__remarks li")] == [
        "Fits from 10 years, with care. It has sharp edges. Use gloves, or round the edges first.",
        "Använd handskar.",
    ]


def test_a_row_shows_the_picture_that_waits(client, editor):
    company = CompanyFactory()
    member = MembershipFactory(organisation=company).user
    listing = ListingFactory(organisation=company, draft=True)
    ListingPhoto.objects.create(listing=listing, image=ImageFactory(), alt_text="Tyg")
    submit_listing(listing=MaterialListing.objects.get(pk=listing.pk), by=member)

    row = soup_of(sign_in(client, editor)).select_one("[data-queue-row]")

    assert row.select_one("img.queue-row__picture")


def test_each_kind_has_a_number_and_a_filter(client, editor, here):
    sent_listing(here, title="Tyg")
    sent_listing(title="Trä")
    SchoolFactory(approval="pending", name="Nya skolan")

    everything = soup_of(sign_in(client, editor))
    kinds = {
        " ".join(link.get_text(" ", strip=True).split()): link["href"]
        for link in everything.select(".queue-kinds a")
    }
    listings = soup_of(client, kinds["Listings 2"])
    in_klippan = soup_of(client, QUEUE + "?kommun=klippan")

    assert "Everything 3" in kinds
    assert "Organisations 1" in kinds
    assert set(titles(listings)) == {"Tyg", "Trä"}
    assert titles(in_klippan) == ["Tyg"]


def test_late_only_shows_what_has_waited_longer_than_the_site_says(client, editor):
    late = sent_listing(title="Gammal")
    sent_listing(title="Ny")
    TaskState.objects.filter(pk=late.current_workflow_task_state.pk).update(
        started_at=timezone.now() - timedelta(days=9)
    )

    assert titles(soup_of(sign_in(client, editor), QUEUE + "?sent=on")) == ["Gammal"]


def test_one_press_approves_and_the_next_opens_by_itself(client, editor):
    first, second = sent_listing(title="Först"), sent_listing(title="Sedan")
    sign_in(client, editor)

    response = client.post(QUEUE, {"quick": key_of(first)})

    first.refresh_from_db()
    assert first.live
    assert response["Location"] == f"{QUEUE}?oppen={key_of(second)}#oppen"
    opened = soup_of(client, response["Location"]).select_one(".queue-row--open")
    assert "Sedan" in opened.get_text()


def test_the_filters_stay_when_the_next_one_opens(client, editor, here):
    first, second = sent_listing(here, title="Först"), sent_listing(here, title="Sedan")
    sent_listing(title="Annanstans")
    sign_in(client, editor)

    response = client.post(QUEUE + "?kommun=klippan&typ=listing", {"quick": key_of(first)})

    assert "typ=listing&kommun=klippan" in response["Location"]
    assert key_of(second) in response["Location"]


def test_asking_for_changes_without_a_word_asks_for_one_and_keeps_the_row_open(client, editor):
    listing = sent_listing(title="Tyg")
    sign_in(client, editor)

    response = client.post(QUEUE, {"key": key_of(listing), "answer": "changes"})

    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert "Say what should be changed" in soup.select_one(".queue-row--open").get_text()
    assert listing.current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS


def test_the_word_reaches_the_giver_by_mail_and_beside_the_form(
    client, editor, django_capture_on_commit_callbacks
):
    listing = sent_listing(title="Tyg")
    giver = listing.organisation.active_members().get()
    sign_in(client, editor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            QUEUE,
            {
                "key": key_of(listing),
                "answer": "changes",
                "prepared": "0",
                "text": "Hur långa är bitarna?",
            },
        )

    sign_in(client, giver)
    page = client.get(reverse("marketplace:offer_edit", args=[listing.pk])).content.decode()

    assert "Hur långa är bitarna?" in page
    assert "A face or a name can be seen" in page
    assert any("Hur långa är bitarna?" in message.body for message in mail.outbox)


def test_the_word_about_a_wanted_ad_stands_beside_its_form(client, editor):
    school = SchoolFactory()
    teacher = MembershipFactory(organisation=school).user
    ad = submit_wanted_ad(
        wanted_ad=WantedAd(
            organisation=school, title="Lådor", description="…", category=CategoryFactory()
        ),
        by=teacher,
    )
    sign_in(client, editor)
    client.post(
        QUEUE,
        {
            "key": f"wanted-{ad.current_workflow_task_state.pk}",
            "answer": "changes",
            "text": "Hur stora?",
        },
    )

    sign_in(client, teacher)
    page = client.get(reverse("marketplace:wanted_edit", args=[ad.pk])).content.decode()

    assert "Hur stora?" in page


def test_a_refusal_reaches_the_giver_with_its_reason(
    client, editor, django_capture_on_commit_callbacks
):
    listing = sent_listing(title="Tyg")
    sign_in(client, editor)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            QUEUE,
            {"key": key_of(listing), "answer": "refuse", "text": "Portalen är inte för kläder."},
        )

    told = Notification.objects.get(type="listing_rejected")
    assert told.context["comment"] == "Portalen är inte för kläder."
    assert MaterialListing.objects.get(pk=listing.pk).current_workflow_state is None


def test_the_author_of_a_page_that_is_refused_reads_why(client, editor):
    page, author = waiting_page()
    sign_in(client, editor)

    client.post(
        QUEUE,
        {
            "key": f"page-{page.current_workflow_task_state.pk}",
            "answer": "refuse",
            "text": "Redan skriven.",
        },
    )

    assert author.notifications.get(type="page_refused").context["comment"] == "Redan skriven."


def test_a_page_is_approved_from_its_row(client, editor):
    page, _author = waiting_page()
    sign_in(client, editor)

    client.post(QUEUE, {"quick": f"page-{page.current_workflow_task_state.pk}"})

    page.refresh_from_db()
    assert page.live


def test_deciding_twice_is_noticed(client, editor):
    listing = sent_listing(title="Tyg")
    key = key_of(listing)
    first = give(UserFactory(first_name="Siv", last_name="Ek"), "editor")
    sign_in(client, first).post(QUEUE, {"quick": key})
    sign_in(client, editor)

    response = client.post(QUEUE, {"key": key, "answer": "refuse", "text": "Nej."}, follow=True)

    assert "Siv Ek was first" in response.content.decode()
    listing.refresh_from_db()
    assert listing.live


def test_what_has_been_changed_since_it_was_opened_is_read_once_more(client, editor):
    listing = sent_listing(title="Tyg")
    sign_in(client, editor)
    opened = soup_of(client, f"{QUEUE}?oppen={key_of(listing)}")
    seen = opened.select_one(".queue-row--open input[name=seen]")["value"]
    submit_listing(
        listing=MaterialListing.objects.get(pk=listing.pk),
        by=listing.organisation.active_members().get(),
    )

    response = client.post(
        QUEUE, {"key": key_of(listing), "answer": "approve", "seen": seen}, follow=True
    )

    assert "changed since you opened it" in response.content.decode()
    assert not MaterialListing.objects.get(pk=listing.pk).live


def test_several_are_approved_at_once(client, editor):
    listings = [sent_listing(title=title) for title in ("Ett", "Två", "Tre")]
    sign_in(client, editor)

    client.post(QUEUE, {"chosen": [key_of(each) for each in listings[:2]], "answer": "approve"})

    live = MaterialListing.objects.filter(live=True).values_list("title", flat=True)
    assert set(live) == {"Ett", "Två"}


def test_several_are_sent_back_with_the_same_words(client, editor):
    listings = [sent_listing(), sent_listing()]
    sign_in(client, editor)
    keys = [key_of(each) for each in listings]

    without = client.post(QUEUE, {"chosen": keys, "answer": "changes"})
    client.post(QUEUE, {"chosen": keys, "answer": "changes", "text": "En bild till."})

    assert b"Say what should be changed" in without.content
    assert Notification.objects.filter(type="listing_changes_requested").count() == 2


def test_others_see_who_is_on_it(client, editor):
    listing = sent_listing(title="Tyg")
    other = give(UserFactory(first_name="Siv", last_name="Ek"), "editor")
    sign_in(client, editor)
    assert "is on it" not in soup_of(client).get_text()
    sign_in(client, other)
    client.get(f"{QUEUE}?oppen={key_of(listing)}")

    sign_in(client, editor)

    assert "Siv Ek is on it" in soup_of(client).get_text()


def test_a_coordinator_has_the_own_municipality_in_the_queue_and_nothing_else(
    client, coordinator, here
):
    SchoolFactory(approval="pending", name="Vår skola", municipality=here)
    SchoolFactory(approval="pending", name="Deras skola")
    sent_listing(here, title="Tyg")

    assert titles(soup_of(sign_in(client, coordinator))) == ["Vår skola"]


def test_a_coordinator_cannot_decide_about_what_is_elsewhere(client, coordinator):
    elsewhere = SchoolFactory(approval="pending")
    sign_in(client, coordinator)

    client.post(QUEUE, {"quick": f"organisation-{elsewhere.pk}"})

    elsewhere.refresh_from_db()
    assert elsewhere.approval == Organisation.Approval.PENDING


def test_a_coordinator_approves_an_organisation_from_its_row(client, coordinator, here):
    school = SchoolFactory(approval="pending", municipality=here)
    sign_in(client, coordinator)

    client.post(QUEUE, {"quick": f"organisation-{school.pk}"})

    school.refresh_from_db()
    assert school.is_approved


def test_what_nobody_can_answer_is_refused_and_a_no_needs_words(editor):
    listing = sent_listing()
    answers = {"listing-": "approve", "nothing-1": "approve", key_of(listing): "perhaps"}
    for key, answer in answers.items():
        with pytest.raises(PermissionDenied):
            decide(key=key, answer=answer, words="Nej.", by=editor)
    with pytest.raises(PermissionDenied):
        decide(key=key_of(listing), answer="approve", words="", by=UserFactory())
    with pytest.raises(WordsMissing):
        decide(key=key_of(listing), answer="changes", words=" ", by=editor)

    decide(key=key_of(listing), answer="approve", words="", by=editor)

    listing.refresh_from_db()
    assert listing.live


def test_an_organisation_that_somebody_has_decided_about_is_left(client, editor):
    school = SchoolFactory(approval="rejected")
    sign_in(client, editor)

    response = client.post(QUEUE, {"quick": f"organisation-{school.pk}"}, follow=True)

    school.refresh_from_db()
    assert not school.is_approved
    assert "Somebody has already answered" in response.content.decode()


def test_who_wants_to_join_waits_for_colleagues_first(client, coordinator, here):
    school = SchoolFactory(municipality=here)
    MembershipFactory(organisation=school, role="administrator")
    newcomer = MembershipFactory(organisation=school, status="pending")
    sign_in(client, coordinator)
    assert titles(soup_of(client)) == []

    Membership.objects.filter(pk=newcomer.pk).update(
        created_at=timezone.now() - timedelta(days=3, minutes=1)
    )
    client.post(QUEUE, {"quick": f"member-{newcomer.pk}"})

    newcomer.refresh_from_db()
    assert newcomer.status == "active"


def test_a_reported_problem_is_handled_and_its_reporter_reads_the_answer(client, editor):
    school = SchoolFactory()
    teacher = MembershipFactory(organisation=school).user
    note = Note.objects.create(
        reservation=ReservationFactory(organisation=school),
        organisation=school,
        author=teacher,
        type="problem",
        text="Ingen kom.",
    )
    sign_in(client, editor)

    client.post(
        QUEUE, {"key": f"problem-{note.pk}", "answer": "approve", "text": "Vi har ringt dem."}
    )

    note.refresh_from_db()
    assert note.handled_by == editor
    assert teacher.notifications.get(type="problem_handled").context["text"] == "Vi har ringt dem."
    assert titles(soup_of(client)) == []


def test_failed_mail_waits_for_administrators_only(client, editor):
    failed = Email.objects.create(
        from_email="a@example.org", to=["b@example.org"], subject="Hej", status=STATUS.failed
    )
    assert titles(soup_of(sign_in(client, editor))) == []
    sign_in(client, SuperuserFactory())
    assert titles(soup_of(client)) == ["Hej"]

    client.post(QUEUE, {"key": f"mail-{failed.pk}", "answer": "refuse"})

    assert titles(soup_of(client)) == []


@pytest.mark.parametrize("role", ["steering_group", "support", "communicator", "translator"])
def test_those_for_whom_nothing_waits_have_no_queue(client, role):
    client.force_login(give(UserFactory(), role))

    assert client.get(QUEUE).status_code in (302, 403)


@pytest.mark.parametrize("address", [QUEUE, "/admin/"])
def test_a_thousand_that_wait_need_no_more_queries(
    client, editor, here, django_assert_max_num_queries, address
):
    company = CompanyFactory(municipality=here)
    member = MembershipFactory(organisation=company).user
    listing = ListingFactory(organisation=company, draft=True)
    submit_listing(listing=listing, by=member)
    SchoolFactory(approval="pending", municipality=here)
    many = MaterialListing.objects.bulk_create(
        MaterialListing(
            organisation=company, category=listing.category, title=f"Bit {n}", live=False
        )
        for n in range(1000)
    )
    state = listing.current_workflow_task_state
    review = state.workflow_state
    reviews = type(review).objects.bulk_create(
        type(review)(
            base_content_type=review.base_content_type,
            content_type=review.content_type,
            object_id=str(each.pk),
            workflow=review.workflow,
            status=review.status,
            requested_by=member,
        )
        for each in many
    )
    states = TaskState.objects.bulk_create(
        TaskState(
            workflow_state=each,
            revision=state.revision,
            task=state.task,
            status=state.status,
            content_type=state.content_type,
        )
        for each in reviews
    )
    for each, task_state in zip(reviews, states, strict=True):
        each.current_task_state = task_state
    type(review).objects.bulk_update(reviews, ["current_task_state"])
    sign_in(client, editor)
    client.get(address)

    with django_assert_max_num_queries(40):
        response = client.get(address)

    assert response.status_code == 200
    assert "1,002" in response.content.decode()
