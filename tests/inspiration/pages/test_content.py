"""Page types stand where they belong, and blocks take what people have."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from inspiration.pages.blocks import AudioBlock, ContentBlock, TableBlock, VideoBlock
from inspiration.pages.blocks.videos import embed_address
from inspiration.pages.models import HomePage, InspirationIndexPage
from tests.factories import SuperuserFactory

pytestmark = pytest.mark.django_db


def offered(client, parent):
    """The types of pages that the admin offers below `parent`, by their models."""
    client.force_login(SuperuserFactory())
    page = client.get(f"/admin/pages/{parent.pk}/add_subpage/", follow=True)
    if "/add/" in page.request["PATH_INFO"]:
        # There is only one to choose.
        return {page.request["PATH_INFO"].split("/")[5]}
    links = BeautifulSoup(page.content, "html.parser").select("a[href*='/pages/add/']")
    return {link["href"].split("/")[5] for link in links}


@pytest.mark.parametrize("lists", InspirationIndexPage.Lists.values)
def test_a_list_takes_the_pages_that_it_lists_and_no_others(client, pages, lists):
    index = pages.sv.add_child(
        instance=InspirationIndexPage(title="Lista", lists=lists, locale=pages.sv.locale)
    )

    # A collection stands among the ideas that it collects.
    beside = {"collectionpage"} if lists == InspirationIndexPage.Lists.IDEAS else set()
    assert offered(client, index) == {lists} | beside


def test_start_pages_stand_at_the_root_and_nowhere_else(client, pages):
    assert offered(client, pages.sv.get_root()) == {"homepage"}
    assert "homepage" not in offered(client, pages.sv)
    assert "inspirationindexpage" in offered(client, pages.sv)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        (
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
        ("https://vimeo.com/channels/staff/76979871", "https://player.vimeo.com/video/76979871"),
        ("https://player.vimeo.com/video/1", "https://player.vimeo.com/video/1"),
    ],
)
def test_a_video_is_taken_from_the_address_that_people_copy(typed, shown):
    cleaned = VideoBlock().clean({"title": "En kulbana", "url": typed, "file": None})

    assert cleaned["url"] == shown


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=",
        'https://www.youtube.com/watch?v="><script>',
        "https://vimeo.com/about",
        "",
    ],
)
def test_other_addresses_are_no_videos(typed):
    assert embed_address(typed) is None
    with pytest.raises(ValidationError):
        VideoBlock().clean({"title": "En kulbana", "url": typed, "file": None})


def document(name):
    return get_document_model().objects.create(title=name, file=ContentFile(b"x", name=name))


def test_a_video_may_be_a_file_of_ones_own(client):
    film, text = document("film.mp4"), document("text.pdf")

    cleaned = VideoBlock().clean({"title": "En kulbana", "url": "", "file": film})

    html = VideoBlock().render(VideoBlock().normalize(dict(cleaned)))
    assert f'src="{film.url}"' in html
    with pytest.raises(ValidationError):
        VideoBlock().clean({"title": "En kulbana", "url": "", "file": text})


def sound(name):
    block = AudioBlock()
    given = {"title": "Verkstaden", "file": document(name), "transcript": "<p>En såg.</p>"}
    return block.clean(block.normalize(given))


def test_sound_is_a_sound_file_with_its_words():
    assert sound("a.mp3")["transcript"].source == "<p>En såg.</p>"
    with pytest.raises(ValidationError):
        sound("a.pdf")


def test_a_table_is_what_was_pasted_from_a_spreadsheet():
    block = TableBlock()
    pasted = "Material\tKilo\nRör\t0,4\n\nPlank;1,2;lång"

    html = block.render(block.normalize({"caption": "Vad det väger", "rows": pasted}))

    soup = BeautifulSoup(html, "html.parser")
    assert soup.caption.get_text() == "Vad det väger"
    assert [cell.get_text() for cell in soup.select("th[scope=col]")] == ["Material", "Kilo", ""]
    assert [cell.get_text() for cell in soup.select("th[scope=row]")] == ["Rör", "Plank"]
    assert [cell.get_text() for cell in soup.select("td")] == ["0,4", "", "1,2", "lång"]


@pytest.mark.parametrize(
    "name", ["accordion", "table", "document", "audio", "buttons", "video", "shortcomings"]
)
def test_every_new_block_has_a_preview(name):
    block = ContentBlock().child_blocks[name]

    assert block.render(block.get_preview_value()).strip()


def test_there_may_be_start_pages_of_several_sites(pages):
    root = pages.sv.get_root()

    root.add_child(
        instance=HomePage(
            title="Två", slug="tva", heading="Två", introduction="…", locale=pages.sv.locale
        )
    )

    assert HomePage.can_create_at(root)
