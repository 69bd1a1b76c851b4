"""Pupils' ideas, over HTTP: the class's link, the teacher, the company, the editors."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas import services as ideas_services
from marketplace.ideas.forms import is_first_name_or_class
from marketplace.ideas.models import Idea, IdeaInvitation
from marketplace.ideas.services import invite_class, revoke_invitation
from marketplace.impact import figures
from marketplace.organisations.models import Organisation
from marketplace.review.errors import WrongState
from portal.foundation.images.models import CustomImage
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
    give,
    picture_bytes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def handover():
    """Papprör that Björkskolan has fetched at the carpenter's."""
    company = CompanyFactory(name="Snickeriet Furan AB")
    reservation = ReservationFactory(
        listing=ListingFactory(organisation=company, title="Papprör"),
        organisation=SchoolFactory(name="Björkskolan"),
    )
    accept_reservation(reservation=reservation, by=UserFactory())
    return confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )


@pytest.fixture
def teacher(handover):
    return MembershipFactory(organisation=handover.receiver).user


@pytest.fixture
def seller(handover):
    return MembershipFactory(organisation=handover.giver).user


@pytest.fixture
def invitation(handover, teacher):
    return invite_class(handover=handover, by=teacher)


def photo():
    return SimpleUploadedFile("photo.jpg", picture_bytes(), content_type="image/jpeg")


def answers(**changes):
    return {
        "type": "made",
        "title": "Kulbanan",
        "text": "Vi byggde en kulbana av rören.",
        "age_group": "f-3",
        "signed": "2B",
        "no_faces": "on",
    } | changes


@pytest.mark.parametrize(
    ("type", "group", "teacher_word"),
    [
        ("preschool", "avdelningen", "Pedagogen"),
        ("school", "klassen", "Läraren"),
        ("other_municipal", "gruppen", "En vuxen"),
    ],
)
def test_a_preschool_is_spoken_to_as_a_preschool(
    client, handover, invitation, teacher, type, group, teacher_word
):
    Organisation.objects.filter(pk=handover.receiver_id).update(type=type)
    client.force_login(teacher)

    invite = client.get(f"/mitt/overlamningar/{handover.pk}/klassen/").text
    client.logout()
    form = client.get(invitation.get_absolute_url()).text

    assert f"Bjud in {group}" in invite
    assert f"{teacher_word} läser det först." in form


def send(client, invitation, **changes):
    return client.post(invitation.get_absolute_url(), answers(**changes))


@pytest.fixture
def idea(client, invitation):
    """An idea that a pupil has sent, and nobody has read."""
    send(client, invitation)
    return Idea.objects.get()


def act(client, user, idea, action, **data):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(f"/ideer/{idea.pk}/gor/", {"action": action, **data})


# --- The class's link -----------------------------------------------------------------------------


def test_after_the_handover_the_school_is_shown_the_way_to_invite_the_class(
    client, handover, teacher
):
    client.force_login(teacher)

    page = client.get(f"/mitt/bokningar/{handover.reservation_id}/").content.decode()

    assert f"/mitt/overlamningar/{handover.pk}/klassen/" in page


def test_the_company_is_not_shown_it(client, handover, seller):
    client.force_login(seller)

    page = client.get(f"/mitt/bokningar/{handover.reservation_id}/").content.decode()

    assert "/klassen/" not in page


def test_the_teacher_opens_the_link_and_gets_a_qr_code(client, handover, teacher):
    client.force_login(teacher)

    page = client.post(f"/mitt/overlamningar/{handover.pk}/klassen/", follow=True)

    address = IdeaInvitation.objects.get().get_absolute_url()
    code = client.get(f"/mitt/overlamningar/{handover.pk}/klassen/qr.svg")
    assert address in page.content.decode()
    assert code["Content-Type"] == "image/svg+xml"


def test_the_link_works_without_an_account(client, invitation):
    page = client.get(invitation.get_absolute_url())

    assert page.status_code == 200
    assert "Papprör" in page.content.decode()
    assert "sessionid" not in client.cookies


def test_the_link_cannot_be_guessed(invitation):
    assert len(invitation.token) >= 43


def test_the_link_gives_access_to_nothing_else(client, idea, handover, invitation):
    client.get(invitation.get_absolute_url())

    asked = [
        f"/ideer/{idea.pk}/",
        f"/mitt/overlamningar/{handover.pk}/klassen/",
        f"/mitt/overlamningar/{handover.pk}/klassen/qr.svg",
        f"/mitt/bokningar/{handover.reservation_id}/",
        "/mitt/ideer/",
    ]
    assert {client.get(address).status_code for address in asked} <= {302, 404}


def test_search_engines_and_other_sites_are_told_nothing_of_the_link(client, invitation):
    page = client.get(invitation.get_absolute_url())

    assert "noindex" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_after_revocation_the_link_is_gone_kindly(client, handover, teacher, invitation):
    client.force_login(teacher)
    client.post(f"/mitt/overlamningar/{handover.pk}/klassen/", {"action": "revoke"})
    client.logout()

    page = client.get(invitation.get_absolute_url())

    assert page.status_code == 410
    assert "Be om en ny länk" in page.content.decode()
    assert send(client, invitation).status_code == 410
    assert not Idea.objects.exists()


def test_a_closed_link_stays_dead_when_a_new_one_is_opened(client, handover, teacher, invitation):
    revoke_invitation(invitation=invitation)

    new = invite_class(handover=handover, by=teacher)

    assert client.get(invitation.get_absolute_url()).status_code == 404
    assert client.get(new.get_absolute_url()).status_code == 200


def test_a_link_that_is_too_old_is_closed(client, invitation):
    IdeaInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(invitation.get_absolute_url()).status_code == 410


def test_an_unknown_link_is_answered_as_kindly_as_a_closed_one(client):
    page = client.get("/ide/finns-inte/")

    assert page.status_code == 404
    assert "Be om en ny länk" in page.content.decode()


def test_only_so_many_ideas_come_in_an_hour(client, invitation, monkeypatch):
    monkeypatch.setattr(IdeaInvitation, "MAX_PER_HOUR", 1)
    send(client, invitation)

    refused = send(client, invitation, title="En till")

    assert refused.status_code == 429
    assert Idea.objects.count() == 1


def test_an_hour_later_there_is_room_for_more_ideas(client, invitation, monkeypatch):
    monkeypatch.setattr(IdeaInvitation, "MAX_PER_HOUR", 1)
    send(client, invitation)

    for minutes, status in ((55, 429), (65, 302)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            assert send(client, invitation, title="En till").status_code == status


def test_somebody_who_plays_with_the_link_is_stopped_before_pictures_are_kept(
    client, invitation, settings
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"class_link_device": "2/h/key"}
    client.get(invitation.get_absolute_url())
    for _time in range(2):
        client.post(invitation.get_absolute_url(), {"photo_upload": "1", "photos": photo()})

    refused = client.post(invitation.get_absolute_url(), {"photo_upload": "1", "photos": photo()})

    assert refused.status_code == 429
    assert CustomImage.objects.count() == 2


def pupil(number):
    return Client(headers={"User-Agent": f"Tablet {number}"})


@pytest.mark.parametrize("proxies", [0, 1])
def test_one_pupil_who_plays_with_the_link_does_not_close_it_for_the_class(
    invitation, settings, proxies
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.7"} if proxies else {}
    path = invitation.get_absolute_url()
    playing = pupil("one")
    playing.get(path, **headers)
    played = [playing.post(path, {"photo_remove": "x"}, **headers).status_code for _ in range(45)]

    assert (played[0], played[-1]) == (200, 429)
    for number in range(30):
        assert pupil(number).post(path, answers(), **headers).status_code == 302
    assert Idea.objects.count() == 30


def test_one_pupil_sends_ten_ideas_in_an_hour_and_the_others_as_many(client, invitation):
    path = invitation.get_absolute_url()
    client.get(path)
    sent = [send(client, invitation, title=f"Idé {number}").status_code for number in range(12)]

    assert sent == [302] * 10 + [200] * 2
    assert pupil(2).post(path, answers()).status_code == 302


def test_what_another_class_has_sent_leaves_as_much_room_for_this_one(client, invitation, teacher):
    other = confirm_handover(
        reservation=accept_reservation(reservation=ReservationFactory(), by=UserFactory()),
        by=UserFactory(),
        quantity=2,
        mass_kg=1,
        would_have_bought="yes",
    )
    invite_class(handover=other, by=MembershipFactory(organisation=other.receiver).user)
    Idea.objects.bulk_create(
        Idea(handover=other, type="made", title=f"Idé {number}", text="Rör", live=False)
        for number in range(invitation.MAX_PER_HOUR)
    )

    assert send(client, invitation).status_code == 302
    assert Idea.objects.get(title="Kulbanan").handover == invitation.handover


def test_who_pretends_to_be_many_devices_stops_no_pupil_who_has_started(invitation):
    path = invitation.get_absolute_url()
    working = pupil("working")
    working.get(path)
    working.post(path, {"photo_remove": "x"})
    pretended = [pupil(n).post(path, {"photo_remove": "x"}).status_code for n in range(110)]

    assert pretended[-1] == 429
    assert working.post(path, answers()).status_code == 302


# --- What pupils write ----------------------------------------------------------------------------


def test_an_idea_with_pictures_waits_for_the_teacher(client, invitation, teacher):
    sent = client.post(
        invitation.get_absolute_url(), answers(photos=[photo(), photo()]), follow=True
    )

    idea = Idea.objects.waiting_for_teacher().get()
    assert "Din idé är på väg" in sent.content.decode()
    assert idea.photos.count() == 2
    assert not idea.live
    assert teacher.notifications.get().type == "idea_to_approve"


def test_a_whole_lesson_makes_one_mail(client, invitation, teacher):
    for number in range(5):
        send(client, invitation, title=f"Idé {number}")

    assert teacher.notifications.count() == 1


def test_pictures_need_the_promise_that_no_face_is_in_them(client, invitation):
    refused = client.post(invitation.get_absolute_url(), answers(photos=photo(), no_faces=""))

    assert "Titta på bilderna en gång till" in refused.content.decode()
    assert not Idea.objects.exists()


def test_an_idea_without_pictures_needs_no_promise(client, invitation):
    send(client, invitation, no_faces="")

    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    "signed",
    ["Alva", "Anna-Lisa", "4B", "Klass 4B", "Alva 4B", "Alva, Bo och Cleo", "Förskolan Blåbären"],
)
def test_first_names_and_classes_are_fine(signed):
    assert is_first_name_or_class(signed)


@pytest.mark.parametrize(
    "signed",
    [
        "Alva Svensson",
        "Alva Svensson 4B",
        "Alva och Bo Ek",
        "alva@example.org",
        "alva.svensson",
        "070-123 45 67",
        "Alva 0701234567",
    ],
)
def test_surnames_and_addresses_are_refused_kindly(client, invitation, signed):
    refused = send(client, invitation, signed=signed)

    page = refused.content.decode()
    assert "Förnamn eller gruppens namn" in page or "Ta bort e-postadresser" in page
    assert not Idea.objects.exists()


@pytest.mark.parametrize("field", ["title", "text"])
@pytest.mark.parametrize("contact", ["skriv till kim@example.org", "ring 042-10 50 00"])
def test_addresses_in_the_words_are_refused_kindly(client, invitation, field, contact):
    refused = send(client, invitation, **{field: contact})

    assert "Ta bort e-postadresser och telefonnummer" in refused.content.decode()
    assert not Idea.objects.exists()


@pytest.mark.parametrize("text", ["Banan är 0,5 meter.", "Vi började 2026-03-05, kl 10.30."])
def test_measures_and_days_are_not_taken_for_telephone_numbers(client, invitation, text):
    send(client, invitation, text=text)

    assert Idea.objects.count() == 1


# --- The teacher ----------------------------------------------------------------------------------


def test_the_company_sees_nothing_before_the_teacher_has_said_yes(client, idea, seller):
    client.force_login(seller)

    assert client.get(f"/ideer/{idea.pk}/").status_code == 404
    assert "Kulbanan" not in client.get("/mitt/ideer/").content.decode()
    assert not seller.notifications.filter(type="idea_received").exists()


def test_the_teacher_sees_on_my_page_that_ideas_wait(client, idea, teacher):
    client.force_login(teacher)

    assert "1 idé från er grupp väntar" in client.get("/mitt/").content.decode()


def test_when_the_teacher_has_said_yes_the_company_is_told(client, idea, teacher, seller):
    act(client, teacher, idea, "approve")
    client.force_login(seller)

    assert seller.notifications.get(type="idea_received")
    assert (
        "1 idé från barn eller elever väntar på ert svar" in client.get("/mitt/").content.decode()
    )
    assert client.get(f"/ideer/{idea.pk}/").status_code == 200


def test_what_the_teacher_stops_nobody_else_sees(client, idea, teacher, seller):
    act(client, teacher, idea, "stop")
    client.force_login(seller)

    assert client.get(f"/ideer/{idea.pk}/").status_code == 404


def test_what_the_teacher_has_stopped_no_longer_waits_and_is_not_let_through(
    client, idea, teacher, seller
):
    assert Idea.objects.waiting_for_teacher().get() == idea

    act(client, teacher, idea, "stop")
    assert not Idea.objects.waiting_for_teacher().exists()
    assert "från er grupp väntar" not in client.get("/mitt/").content.decode()

    act(client, teacher, idea, "approve")
    assert not seller.notifications.filter(type="idea_received").exists()


@pytest.mark.parametrize(
    ("action", "words"),
    [("approve", "Företaget har fått idén."), ("stop", "Företaget får inte veta något.")],
)
def test_the_teacher_reads_what_the_company_is_told(client, idea, teacher, action, words):
    response = client.get(act(client, teacher, idea, action)["Location"])

    assert words in response.content.decode()


def test_other_schools_do_not_decide(client, idea):
    stranger = MembershipFactory(organisation=SchoolFactory()).user

    assert act(client, stranger, idea, "approve").status_code == 403


# --- The company ----------------------------------------------------------------------------------


@pytest.fixture
def approve_idea(idea, teacher):
    return ideas_services.approve_idea(idea=idea, by=teacher)


@pytest.mark.parametrize(
    ("action", "type"), [("thank", "idea_thanked"), ("take_further", "idea_taken_further")]
)
def test_the_school_is_told_once_what_the_company_says(
    client, approve_idea, teacher, seller, action, type
):
    for _time in range(2):
        act(client, seller, approve_idea, action)

    assert teacher.notifications.filter(type=type).count() == 1


def test_company_and_school_write_to_each_other(client, approve_idea, teacher, seller):
    act(client, seller, approve_idea, "write", text="Hur lång blev den?")
    act(client, teacher, approve_idea, "write", text="Elva meter!")

    thread = [message.text for message in approve_idea.messages.all()]
    assert thread == ["Hur lång blev den?", "Elva meter!"]
    assert teacher.notifications.filter(type="idea_message").count() == 1
    assert seller.notifications.filter(type="idea_message").count() == 1


def test_who_writes_is_named_and_only_the_other_side_is_told(client, approve_idea, teacher, seller):
    def told():
        return [
            user.notifications.filter(type="idea_message").count() for user in (teacher, seller)
        ]

    act(client, seller, approve_idea, "write", text="Hur lång blev den?")
    assert told() == [1, 0]

    act(client, teacher, approve_idea, "write", text="Elva meter!")
    assert told() == [1, 1]
    assert [message.author for message in approve_idea.messages.all()] == [seller, teacher]


def test_ideas_are_counted_as_sent_answered_and_taken_further(client, invitation, teacher, seller):
    for title in ("A", "B", "C", "D"):
        send(client, invitation, title=title)
    sent = {idea.title: idea for idea in Idea.objects.all()}
    for title in ("A", "B", "C"):
        ideas_services.approve_idea(idea=sent[title], by=teacher)
    act(client, seller, sent["A"], "thank")
    act(client, seller, sent["B"], "take_further")

    year = figures.Period.year(timezone.localdate().year)
    assert figures.ideas(period=year) == {
        "ideas_sent": 3,
        "ideas_answered": 2,
        "ideas_taken_further": 1,
    }


# --- On the site ----------------------------------------------------------------------------------


@pytest.fixture
def editor():
    call_command("setup_portal", verbosity=0)
    user = UserFactory()
    give(user, "editor")
    return user


def test_an_idea_is_on_the_site_only_when_an_editor_has_approved_it(
    client, editor, idea, teacher, seller
):
    ideas_services.approve_idea(idea=idea, by=teacher)
    before = client.get(f"/ideer/{idea.pk}/").status_code
    idea.current_workflow_task_state.approve(user=editor)

    assert before == 404
    assert client.get(f"/ideer/{idea.pk}/").status_code == 200
    assert "Kulbanan" in client.get("/ideer/").content.decode()


def test_editors_are_told_once_a_day_that_ideas_wait(client, editor, invitation, teacher):
    for title in ("A", "B"):
        send(client, invitation, title=title)
    for idea in Idea.objects.all():
        ideas_services.approve_idea(idea=idea, by=teacher)

    assert [each.type for each in editor.notifications.all()] == ["ideas_submitted"]


def test_school_and_company_are_told_when_it_is_on_the_site(client, editor, idea, teacher, seller):
    ideas_services.approve_idea(idea=idea, by=teacher)

    idea.current_workflow_task_state.approve(user=editor)

    assert teacher.notifications.filter(type="idea_published").count() == 1
    assert seller.notifications.filter(type="idea_published").count() == 1


def test_the_school_is_told_why_an_editor_does_not_publish_it(client, editor, idea, teacher):
    ideas_services.approve_idea(idea=idea, by=teacher)

    idea.current_workflow_task_state.reject(user=editor, comment="Ett ansikte syns.")

    told = teacher.notifications.get(type="idea_not_published")
    assert told.context["comment"] == "Ett ansikte syns."


@pytest.mark.usefixtures("admin_indexes")
def test_the_idea_of_a_story_is_found_by_the_beginning_of_its_name(
    client, editor, idea, teacher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ideas_services.approve_idea(idea=idea, by=teacher)
        idea.save()
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    chooser = reverse("wagtailsnippetchoosers_marketplace_idea:choose_results")

    found = [
        "Kulbanan" in client.get(chooser, {"q": words}).content.decode()
        for words in ("kulb", "segel")
    ]

    assert found == [True, False]


# --- What holds between looking at a page and pressing its button --------------------------------


def sent_with(invitation):
    idea = Idea(type="made", title="Kulbanan", text="Rör.", age_group="f-3", signed="2B")
    return ideas_services.receive_idea(invitation=invitation, idea=idea, images=[])


def test_a_link_that_was_closed_meanwhile_takes_nothing(invitation):
    sent_with(invitation)
    revoke_invitation(invitation=IdeaInvitation.objects.get())

    with pytest.raises(ideas_services.InvitationClosed):
        sent_with(invitation)

    assert Idea.objects.count() == 1


def test_a_link_that_was_filled_meanwhile_takes_nothing(invitation, monkeypatch):
    monkeypatch.setattr(IdeaInvitation, "MAX_IN_ALL", 1)
    sent_with(invitation)

    with pytest.raises(ideas_services.TooManyIdeas):
        sent_with(invitation)

    assert Idea.objects.count() == 1


def test_the_teacher_decides_once(idea, teacher):
    ideas_services.approve_idea(idea=idea, by=teacher)

    for decide in (ideas_services.approve_idea, ideas_services.reject_idea):
        with pytest.raises(WrongState):
            decide(idea=idea, by=teacher)

    idea.progress.refresh_from_db()
    assert idea.progress.approved_at
    assert idea.progress.declined_at is None


def test_the_company_answers_what_the_teacher_has_let_through(idea, teacher, seller):
    with pytest.raises(WrongState):
        ideas_services.thank(idea=idea, by=seller)
    assert not teacher.notifications.filter(type="idea_thanked").exists()

    ideas_services.approve_idea(idea=idea, by=teacher)
    ideas_services.thank(idea=idea, by=seller)

    assert teacher.notifications.filter(type="idea_thanked").count() == 1
