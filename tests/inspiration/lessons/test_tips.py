"""Tips about lessons, over HTTP: a unit tells, an editor reads, everybody can do the same."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.retention import remove_unpublished
from marketplace.listings.photos.models import PhotoUpload
from marketplace.listings.photos.services import remove_unused
from marketplace.organisations.merging.services import merge_organisations
from portal.foundation.images.models import CustomImage
from portal.foundation.privacy.personal_data import erase, export
from tests.factories import (
    CategoryFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    give,
    picture_bytes,
)

pytestmark = pytest.mark.django_db
OWN = "/idebank/tips/nytt/"


@pytest.fixture
def idea_bank(pages):
    return pages.index("Idébank", slug="lektioner", lists="lessonideapage")


@pytest.fixture
def lesson(pages, idea_bank):
    return pages.lesson(title="Kulbana")


@pytest.fixture
def school(pages):
    return SchoolFactory(name="Björkskolan", type="preschool")


@pytest.fixture
def teacher(school):
    return MembershipFactory(
        organisation=school, user__first_name="Kim", user__last_name="Sjöberg"
    ).user


@pytest.fixture
def editor(pages):
    return give(UserFactory(), "editor")


def write(client, address=OWN, **changes):
    said = {
        "title": "Kulbana i trappan",
        "text": "Vi tejpade rören längs ledstången.",
        "age_groups": ["forskola-3-5"],
    }
    return client.post(address, said | changes)


def about(lesson):
    return f"/idebank/{lesson.pk}/sa-gjorde-vi/"


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def words(client, path):
    return read(client, path).get_text(" ", strip=True)


@pytest.fixture
def sent(client, teacher, lesson, editor):
    client.force_login(teacher)
    write(client, about(lesson))
    client.logout()
    return LessonTip.objects.get()


@pytest.fixture
def published(sent, editor):
    sent.current_workflow_task_state.approve(user=editor)
    return LessonTip.objects.get()


def decide(client, editor, tip, answer, text=""):
    """An editor opens it in the queue, and answers there."""
    client.force_login(editor)
    key = f"tip-{tip.current_workflow_task_state.pk}"
    assert tip.title in words(client, "/admin/ko/")
    return client.post("/admin/ko/", {"key": key, "answer": answer, "text": text})


def test_how_a_unit_did_a_lesson_is_shown_on_it_once_an_editor_has_approved(
    client, lesson, sent, editor
):
    assert "Kulbana i trappan" not in words(client, lesson.url)

    sent.current_workflow_task_state.approve(user=editor)

    shown = words(client, lesson.url)
    assert "Kulbana i trappan" in shown
    assert "Björkskolan" in shown


def test_the_unit_is_credited_and_nobody_by_name(client, published):
    page = words(client, published.get_absolute_url())

    assert "Björkskolan" in page
    assert "Sjöberg" not in page


def test_an_idea_of_their_own_comes_into_the_idea_bank(client, idea_bank, teacher, editor):
    wood = CategoryFactory(name="Träbitar")
    client.force_login(teacher)
    write(client, title="Tornbygge", material_1=wood.pk)
    client.logout()
    assert "Tornbygge" not in words(client, idea_bank.url)

    LessonTip.objects.get().current_workflow_task_state.approve(user=editor)

    assert "Tornbygge" in words(client, idea_bank.url)
    assert "Tornbygge" in words(client, "/idebank/tips/")
    assert "Träbitar" in words(client, LessonTip.objects.get().get_absolute_url())


def test_an_editor_opens_a_tip_about_material(client, idea_bank, teacher, editor):
    client.force_login(teacher)
    write(client, title="Tornbygge", material_1=CategoryFactory(name="Träbitar").pk)
    client.force_login(editor)

    page = client.get(f"/admin/snippets/inspiration/lessontip/edit/{LessonTip.objects.get().pk}/")

    assert page.status_code == 200
    assert "Tornbygge" in page.content.decode()


def test_what_is_tried_in_english_stands_on_the_swedish_page(
    client, pages, lesson, teacher, editor
):
    english = pages.translate(lesson, title="Marble run")
    client.force_login(teacher)
    write(client, f"/en/idebank/{english.pk}/sa-gjorde-vi/")
    LessonTip.objects.get().current_workflow_task_state.approve(user=editor)
    client.logout()

    for page in (lesson, english):
        found = read(client, page.url).select_one("#others-did").parent
        title = found.select_one(".card__title")
        assert title.get_text(strip=True) == "Kulbana i trappan"
        assert title["lang"] == "sv"


def test_editors_find_it_in_their_queue_and_the_unit_gets_the_answer_by_mail(
    client, sent, editor, teacher, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = decide(client, editor, sent, "approve")
    assert response.status_code == 302

    assert LessonTip.objects.get().live
    assert [each.to for each in mail.outbox] == [[teacher.email]]
    assert sent.get_absolute_url() in mail.outbox[0].body


def test_what_an_editor_asks_for_is_read_beside_the_form_and_sent_again(
    client, sent, editor, teacher
):
    decide(client, editor, sent, "changes", "Hur långa var rören?")
    client.force_login(teacher)
    address = f"/mitt/tips/{sent.pk}/andra/"
    assert "Hur långa var rören?" in words(client, "/mitt/")
    assert "Hur långa var rören?" in words(client, address)

    write(client, address, text="Rören var en meter.")

    sent.refresh_from_db()
    sent.current_workflow_task_state.approve(user=editor)
    assert "Rören var en meter." in words(client, sent.get_absolute_url())


def test_what_is_published_stays_until_its_change_is_approved(client, published, editor, teacher):
    client.force_login(teacher)
    write(client, f"/mitt/tips/{published.pk}/andra/", title="Bättre kulbana")
    client.logout()
    assert "Bättre kulbana" not in words(client, published.get_absolute_url())

    published.refresh_from_db()
    published.current_workflow_task_state.approve(user=editor)

    assert "Bättre kulbana" in words(client, published.get_absolute_url())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, "title"),
        ({"text": "Ring 070-123 45 67"}, "text"),
        ({"text": "Skriv till kim@example.org"}, "text"),
        ({"age_groups": []}, "age_groups"),
    ],
)
def test_what_is_missing_or_too_much_is_said_at_the_field(client, teacher, changes, reason):
    client.force_login(teacher)

    page = BeautifulSoup(write(client, **changes).content, "html.parser")

    assert page.select_one(f"#id_{reason}_error")
    assert not LessonTip.objects.exists()


def test_pictures_come_with_their_texts_and_need_a_look_for_faces(client, teacher, editor):
    client.force_login(teacher)
    file = SimpleUploadedFile("a.jpg", picture_bytes(), content_type="image/jpeg")
    page = BeautifulSoup(write(client, photos=file).content, "html.parser")
    assert page.select_one("#id_no_faces_error")
    photo = page.select_one("input[name=photo]")["value"]
    alt = page.select_one(".photo-list__fields input")["name"]

    write(client, photo=photo, no_faces="on", **{alt: "Rör längs en trappa"})

    tip = LessonTip.objects.get()
    tip.current_workflow_task_state.approve(user=editor)
    client.logout()
    (shown,) = read(client, tip.get_absolute_url()).select("article img")
    assert shown["alt"] == "Rör längs en trappa"
    assert client.get(shown["src"]).status_code == 200


def test_a_sent_picture_is_kept_and_one_of_an_unfinished_form_is_not(client, teacher):
    def picture():
        return SimpleUploadedFile("a.jpg", picture_bytes(), content_type="image/jpeg")

    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    write(client, photos=picture())
    unfinished = CustomImage.objects.get()
    client.force_login(teacher)
    write(client, photos=picture(), no_faces="on")
    kept = LessonTip.objects.get().get_latest_revision_as_object().photos.get().image

    with time_machine.travel(timezone.now() + timedelta(days=PhotoUpload.KEEP_DAYS + 1)):
        assert remove_unused() == 1

    assert unfinished != kept
    assert CustomImage.objects.get() == kept


def test_a_picture_is_seen_by_the_unit_and_the_editors_only_while_it_waits(client, teacher, editor):
    client.force_login(teacher)
    file = SimpleUploadedFile("a.jpg", picture_bytes(), content_type="image/jpeg")
    write(client, photos=file, no_faces="on")
    tip = LessonTip.objects.get()
    colleague = MembershipFactory(organisation=tip.organisation).user
    client.force_login(colleague)
    address = read(client, tip.get_absolute_url()).select_one("article img")["src"]

    def status(user):
        client.logout()
        if user:
            client.force_login(user)
        return client.get(address).status_code

    assert status(colleague) == 200
    assert status(editor) == 200
    assert status(None) in (403, 404)
    assert status(MembershipFactory().user) in (403, 404)


def test_nobody_but_the_unit_reads_what_waits(client, sent, teacher):
    client.force_login(teacher)
    assert "Kulbana i trappan" in words(client, sent.get_absolute_url())

    client.force_login(MembershipFactory(organisation=SchoolFactory()).user)
    assert client.get(sent.get_absolute_url()).status_code == 404


def test_a_unit_that_is_not_approved_cannot_send(client, pages, teacher):
    client.force_login(teacher)
    assert client.get(OWN).status_code == 200

    client.force_login(MembershipFactory(organisation=SchoolFactory(approval="pending")).user)
    assert client.get(OWN).status_code == 403
    assert write(client).status_code == 403
    assert not LessonTip.objects.exists()


def test_what_was_written_signed_out_is_there_after_signing_in(client, lesson, teacher):
    write(client, about(lesson))
    client.force_login(teacher)

    page = read(client, about(lesson))

    assert page.select_one("[name=title]")["value"] == "Kulbana i trappan"
    assert [each["value"] for each in page.select("[name=age_groups][checked]")] == ["forskola-3-5"]


def test_the_unit_removes_its_tip_with_the_pictures(client, teacher, editor):
    client.force_login(teacher)
    file = SimpleUploadedFile("a.jpg", picture_bytes(), content_type="image/jpeg")
    write(client, photos=file, no_faces="on")
    tip = LessonTip.objects.get()
    tip.current_workflow_task_state.approve(user=editor)
    assert CustomImage.objects.filter(title__startswith=tip.title).exists()

    client.post(f"/mitt/tips/{tip.pk}/ta-bort/")

    assert client.get(tip.get_absolute_url()).status_code == 404
    assert not CustomImage.objects.filter(title__startswith=tip.title).exists()


def test_a_waiting_tip_that_is_removed_leaves_the_queue(client, sent, teacher, editor):
    client.force_login(editor)
    assert sent.title in words(client, "/admin/ko/")
    client.force_login(teacher)
    client.post(f"/mitt/tips/{sent.pk}/ta-bort/")

    client.force_login(editor)

    assert sent.title not in words(client, "/admin/ko/")


def test_a_person_gets_what_they_have_written_and_leaves_it_to_the_unit(client, published, teacher):
    assert "inspiration.lessontip.created_by" in export(teacher)

    erase(teacher)

    assert LessonTip.objects.get().created_by is None
    assert "Björkskolan" in words(client, published.get_absolute_url())


def test_tips_follow_a_unit_that_is_merged(client, published, school):
    other = SchoolFactory(name="Ekskolan", municipality=school.municipality)

    merge_organisations(organisation=school, into=other)

    assert "Ekskolan" in words(client, published.get_absolute_url())


def test_what_was_never_published_goes_and_what_was_stays(sent, editor, school):
    kept = LessonTip.objects.create(
        organisation=school, title="Kvar", text="…", live=True, first_published_at=timezone.now()
    )
    kept.save_revision()

    assert remove_unpublished(timezone.now() + timedelta(days=1)) == 1

    assert [*LessonTip.objects.all()] == [kept]


def test_a_lesson_idea_is_found_by_what_others_tell_of_it_until_they_remove_it(
    client, lesson, sent, editor, teacher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sent.current_workflow_task_state.approve(user=editor)
    assert lesson.title in words(client, "/sok/?q=ledstången")

    client.force_login(teacher)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/mitt/tips/{sent.pk}/ta-bort/")

    client.logout()
    assert lesson.title not in words(client, "/sok/?q=ledstången")
