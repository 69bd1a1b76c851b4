"""Stories: started from a pupils' idea, with kilograms from the ledger."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from inspiration.stories.models import CaseStoryPage, StoryHandover
from marketplace.exchange.handovers.facts import HandoverFacts
from marketplace.exchange.handovers.services import correct_handover, record_handover
from marketplace.ideas.models import Idea, IdeaPhoto, IdeaProgress
from tests.factories import ImageFactory, ListingFactory, SchoolFactory, UserFactory, give

pytestmark = pytest.mark.django_db

TEXT = "Vi byggde en kulbana av rören. <b>Den</b> var lång!\n\nSen byggde vi en till."


def hand_over(mass_kg, listing=None, receiver=None):
    return record_handover(
        listing=listing or ListingFactory(),
        receiver=receiver or SchoolFactory(),
        facts=HandoverFacts(
            quantity=1, mass_kg=Decimal(mass_kg), would_have_bought="yes", on=date(2026, 3, 5)
        ),
    )


@pytest.fixture
def idea(db):
    idea = Idea(
        handover=hand_over(12),
        type=Idea.Type.MADE,
        title="Kulbanan",
        text=TEXT,
        age_group=Idea.AgeGroup.F_3,
        signed="Klass 2B",
        live=False,
    )
    idea.handover.listing.tags.add("papprör")
    idea.handover.listing.save()
    idea.photos.set([IdeaPhoto(image=ImageFactory(), sort_order=n) for n in range(3)])
    idea.save()
    IdeaProgress.objects.create(idea=idea, approved_at="2026-03-06T08:00:00Z")
    return idea


@pytest.fixture
def editor(pages):
    user = UserFactory(is_staff=True)
    give(user, "editor")
    return user


def test_one_press_begins_a_story_with_all_that_the_idea_knows(client, pages, editor, idea):
    index = pages.index("Berättelser")
    client.force_login(editor)
    edit = client.get(f"/admin/snippets/marketplace/idea/edit/{idea.pk}/")
    button = BeautifulSoup(edit.content, "html.parser").select_one("button[formaction]")

    answer = client.post(button["formaction"], follow=True)

    story = CaseStoryPage.objects.get()
    assert answer.redirect_chain[-1][0] == f"/admin/pages/{story.pk}/edit/"
    assert answer.status_code == 200
    assert not story.live
    assert story.get_parent().pk == index.pk
    assert (story.title, story.company, story.school, story.category) == (
        "Kulbanan",
        idea.handover.giver,
        idea.handover.receiver,
        idea.handover.category,
    )
    assert story.cover == idea.cover
    assert list(story.tags.names()) == ["papprör"]
    assert story.kilograms == 12
    draft = story.get_latest_revision_as_object()
    assert [block.block_type for block in draft.body] == ["text", "quote", "gallery"]
    assert "&lt;b&gt;Den&lt;/b&gt;" in str(draft.body[0].value)
    assert draft.body[1].value["who"] == f"Klass 2B, {idea.handover.receiver.name}"
    assert len(draft.body[2].value["images"]) == 2


@pytest.mark.parametrize(
    ("photos", "blocks"),
    [(0, ["text", "quote"]), (1, ["text", "quote"]), (2, ["text", "quote", "image"])],
)
def test_the_first_picture_of_an_idea_is_the_cover_and_the_next_in_the_text(
    client, pages, editor, idea, photos, blocks
):
    pages.index("Berättelser")
    kept = list(idea.photos.all()[:photos])
    idea.photos.set(kept)
    idea.save()
    client.force_login(editor)

    client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    story = CaseStoryPage.objects.get()
    assert story.cover == (kept[0].image if kept else None)
    body = story.get_latest_revision_as_object().body
    assert [block.block_type for block in body] == blocks
    assert all(block.value["image"] == kept[1].image for block in body[2:])


SENTENCE = "Vi limmade rören på en skiva och målade dem. "


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (SENTENCE * 5, (SENTENCE * 4).strip()),
        ("A" * 67 + "! " + "rör " * 60, "A" * 67 + "!"),
        ("A" * 66 + "! " + "rör " * 60, "A" * 66 + "! " + ("rör " * 32).strip() + "…"),
        ("rör " * 49 + "åtta", "rör " * 49 + "åtta"),
        ("rör " * 49 + "åttaa", ("rör " * 49).strip() + "…"),
    ],
)
def test_the_summary_is_whole_sentences_or_else_whole_words(
    client, pages, editor, idea, text, summary
):
    pages.index("Berättelser")
    Idea.objects.filter(pk=idea.pk).update(text=text)
    client.force_login(editor)

    client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    assert CaseStoryPage.objects.get().summary == summary


def test_pressing_again_leads_to_the_same_story(client, pages, editor, idea):
    pages.index("Berättelser")
    client.force_login(editor)

    for _time in range(2):
        client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    assert CaseStoryPage.objects.count() == 1
    idea.progress.refresh_from_db()
    assert idea.progress.story_started_at


def test_an_idea_is_free_again_when_its_story_is_deleted(client, pages, editor, idea):
    pages.index("Berättelser")
    other = Idea.objects.create(handover=idea.handover, title="Tornet", text=TEXT, live=False)
    IdeaProgress.objects.create(idea=other, approved_at="2026-03-06T08:00:00Z")
    client.force_login(editor)
    client.post(f"/admin/ideer/{other.pk}/berattelse/")
    other_story = CaseStoryPage.objects.get()
    client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    CaseStoryPage.objects.exclude(pk=other_story.pk).get().delete()

    idea.progress.refresh_from_db()
    other.progress.refresh_from_db()
    assert idea.progress.story_started_at is None
    assert other.progress.story_started_at


def test_stories_are_put_where_stories_are(client, pages, editor, idea):
    pages.index("Artiklar")
    index = pages.index("Berättelser")
    pages.story("En annan", index)
    client.force_login(editor)

    client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    assert CaseStoryPage.objects.get(title="Kulbanan").get_parent().pk == index.pk


def test_without_a_list_the_editor_is_told_what_to_do(client, pages, editor, idea):
    client.force_login(editor)

    answer = client.post(f"/admin/ideer/{idea.pk}/berattelse/", follow=True)

    assert not CaseStoryPage.objects.exists()
    assert answer.redirect_chain[-1][0] == f"/admin/snippets/marketplace/idea/edit/{idea.pk}/"


def test_nobody_begins_stories_of_ideas_that_the_teacher_has_not_let_through(
    client, pages, editor, idea
):
    IdeaProgress.objects.filter(idea=idea).update(approved_at=None)
    client.force_login(editor)

    assert client.post(f"/admin/ideer/{idea.pk}/berattelse/").status_code == 404


def test_communicators_do_not_begin_stories_of_ideas(client, pages, idea):
    user = UserFactory(is_staff=True)
    give(user, "communicator")
    client.force_login(user)

    client.post(f"/admin/ideer/{idea.pk}/berattelse/")

    assert not CaseStoryPage.objects.exists()


def test_a_story_counts_the_handovers_it_tells_of_and_their_corrections(pages):
    listing, school = ListingFactory(), SchoolFactory()
    told = hand_over(10, listing, school)
    hand_over(99, listing, school)
    story = pages.story(company=listing.organisation, school=school)
    story.linked_handovers = [StoryHandover(handover=told)]
    story.save()

    before = story.kilograms
    correct_handover(handover=told, by=UserFactory(), reason="Fel", quantity=0, mass_kg=0)

    assert before == 10
    assert story.kilograms is None


def test_a_story_without_handovers_counts_all_between_the_two(client, pages):
    listing, school = ListingFactory(), SchoolFactory()
    hand_over(10, listing, school)
    hand_over(5, listing, school)
    story = pages.story(company=listing.organisation, school=school, category=listing.category)

    assert story.kilograms == 15
    assert "15&nbsp;kg" in client.get(story.url).content.decode()
