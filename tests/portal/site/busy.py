"""Rows about which there is much to show in the admin: one of each kind of page and snippet."""

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Comment, CommentReply, Locale, Page, get_page_models
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.operations import translate_object

from inspiration.pages.blocks import ContentBlock, HomeBlock
from marketplace.listings.models import ListingPhoto, MaterialListing
from tests.factories import UserFactory

TAGS, REVISIONS, COMMENTS, LINKS = 12, 10, 6, 6


class Busy:
    """What pages are filled with, and the rows that have been filled, by model."""

    def __init__(self) -> None:
        self.people = [UserFactory() for _number in range(REVISIONS)]
        self.images = list(get_image_model().objects.order_by("pk")[:LINKS])
        self.documents = [
            get_document_model().objects.create(
                title=f"Mönster {number}",
                file=ContentFile(b"1", name=f"{number}.{ending}"),
                uploaded_by_user=self.people[number],
            )
            for number, ending in enumerate(["pdf", "mp3", "mp4", "odt", "docx", "txt"])
        ]
        self.linked = list(Page.objects.live().filter(depth__gt=3).order_by("-pk")[:LINKS])
        self.rows: dict[type[Model], Model] = {}

    def text(self) -> str:
        """Rich text with links to pages and documents."""
        pages = "".join(f'<a linktype="page" id="{each.pk}">läs</a> ' for each in self.linked)
        files = "".join(
            f'<a linktype="document" id="{each.pk}">hämta</a> ' for each in self.documents
        )
        return f"<p>{pages}</p><p>{files}</p>"

    def more(self, name: str) -> Any:
        """More than its preview shows for the block called `name`, or None."""
        button = {"label": "Läs", "page": self.linked[0], "address": "", "document": None}
        file = button | {"page": None, "document": self.documents[0]}
        steps = [{"title": "Rör", "text": self.text(), "image": each} for each in self.images]
        return {
            "text": self.text(),
            "image": {"image": self.images[0], "caption": "Rör"},
            "gallery": {"images": self.images},
            "fact_box": {"title": "Rör", "text": self.text()},
            "steps": steps,
            "accordion": [{"title": "Rör", "text": self.text()}] * 4,
            "document": {"document": self.documents[0], "text": "Mönster"},
            "audio": {"title": "Ljud", "file": self.documents[1], "transcript": self.text()},
            "video": {"title": "Film", "url": "", "file": self.documents[2], "transcript": "…"},
            "buttons": [button, file, button, file],
            "call_to_action": button | {"text": "Rör?"},
            "related": self.linked,
        }.get(name)

    def body(self, block) -> Any:
        """One of each kind of block."""
        return block.normalize(
            [
                (name, self.more(name) or child.get_preview_value())
                for name, child in block.child_blocks.items()
            ]
        )

    def fill_page(self, page: Page) -> Page:
        for name, block in (("body", ContentBlock()), ("sections", HomeBlock())):
            if hasattr(page, name):
                setattr(page, name, self.body(block))
        if hasattr(page, "cover"):
            page.cover = self.images[0]
        if hasattr(page, "tags"):
            page.tags.add(*(f"sak {number}" for number in range(TAGS)))
        for number in range(COMMENTS):
            person = self.people[number]
            comment = Comment(page=page, user=person, text="Var?", contentpath="title")
            comment.replies.add(CommentReply(user=self.people[number + 1], text="Här."))
            comment.save()
        self.revise(page)
        return page

    def fill_item(self, row: Any) -> Any:
        if hasattr(row, "tags"):
            row.tags.add(*(f"sak {number}" for number in range(TAGS)))
        if isinstance(row, MaterialListing):
            for image in self.images:
                row.photos.add(ListingPhoto(image=image, alt_text="Tyg"))
        self.revise(row)
        return row

    def revise(self, row: Any) -> None:
        """Save it again and again, each time by somebody else, and send it for review."""
        for person in self.people:
            row.save_revision(user=person, log_action=True)
        if not hasattr(row, "get_workflow"):
            return
        row = type(row).objects.get(pk=row.pk)
        for person in self.people[:5]:
            if row.current_workflow_state:
                row.current_workflow_state.cancel(user=person)
            row.get_workflow().start(row, person)
            row = type(row).objects.get(pk=row.pk)


def make_busy() -> dict[type[Model], Model]:
    """A busy row of each kind of page and snippet, by model."""
    busy = Busy()
    default = Locale.get_default()
    others = list(Locale.objects.exclude(pk=default.pk))
    for model in get_page_models():
        page = model.objects.filter(locale=default).order_by("pk").first()
        if page and model is not Page:
            busy.rows[model] = busy.fill_page(page.specific)
            translate_object(page, others)
    for model in get_snippet_models():
        rows = model.objects.order_by("pk")
        if hasattr(model, "locale"):
            rows = rows.filter(locale=default)
        row = rows.first()
        busy.rows[model] = busy.fill_item(row) if hasattr(row, "save_revision") else row
        for person in busy.people:
            log(instance=row, action="wagtail.edit", user=person)
    return busy.rows
