"""What a page links to and shows, read at once: Wagtail asks for each block, text or link."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from wagtail.blocks import (
    Block,
    ChooserBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
)
from wagtail.models import Locale, Page
from wagtail.rich_text import extract_references_from_rich_text

from portal.foundation.page_cache.versions import AREAS, note_read
from portal.foundation.sites import visited

Key = tuple[type[Model], int]


class Links:
    """The rows that have been asked for, by model and key; None for one that is not there."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], dict[int, Any]] = defaultdict(dict)
        # By translation key, in the language that is written.
        self.translations: dict[Any, Any] = {}
        # The links of pages, read with the first that is asked for: what is kept asks for none.
        self.expected: list[Iterable[Key]] = []

    def know(self, model: type[Model], keys: Iterable[int]) -> dict[int, Any]:
        """The rows of `model` that are known by now, those with `keys` among them."""
        # The first to ask reads them, for all who ask later.
        note_read(*AREAS)
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        wanted[model].update(key for key in keys if key is not None)
        while self.expected:
            for named, key in self.expected.pop():
                wanted[named].add(key)
        for each, of_model in wanted.items():
            self.read(each, of_model - self.rows[each].keys())
        return self.rows[model]

    def read(self, model: type[Model], missing: set[int]) -> None:
        """Read the rows of `model` with these keys."""
        if missing:
            rows = model._default_manager.all()
            rows = rows.select_related("locale") if model is Page else rows
            found = {row.pk: row for row in rows.filter(pk__in=missing)}
            self.rows[model] |= {key: found.get(key) for key in missing}

    def know_translations(self, locale: Locale) -> None:
        """Read the pages in `locale` that stand for known ones in others."""
        asked = {
            page.translation_key
            for page in self.rows[Page].values()
            if page and page.locale_id != locale.pk
        }
        missing = asked - self.translations.keys()
        if missing:
            found = Page.objects.filter(locale=locale, translation_key__in=missing, live=True)
            self.translations |= dict.fromkeys(missing) | {
                page.translation_key: page for page in found.select_related("locale")
            }

    def in_language(self, page: Any, locale: Locale) -> Any:
        """As `Page.localized`: the published translation, or the page itself."""
        if page.locale_id == locale.pk:
            return page
        return self.translations.get(page.translation_key) or page


def known_links() -> Links:
    """What has been asked for during this request, as long as it changes nothing."""
    request = visited()
    if request is None or request.method not in ("GET", "HEAD"):
        return Links()
    return request.__dict__.setdefault("known_links", Links())


def know_links(page: Page, *, to_edit: bool = False) -> None:
    """Read all that `page` links to or shows, once some of it is asked for.

    To edit it: at once, and also what each page lies below.
    """
    links = known_links()
    links.expected.append(links_of(page))
    if to_edit:
        links.know(Page, ())
        of_pages = [rows for model, rows in links.rows.items() if issubclass(model, Page)]
        know_parents([each for rows in of_pages for each in rows.values() if each])


def know_links_of_draft(model: type[Page], content: dict[str, Any]) -> None:
    """Read all that a page as a revision has it links to or shows, once some is asked for."""
    known_links().expected.append(links_of_draft(model, content))


def links_of(page: Page) -> Iterator[Key]:
    """What the texts and blocks of `page` name, as they are stored."""
    for field in texts_of(type(page)):
        yield from in_text(field, field.value_from_object(page))


def links_of_draft(model: type[Model], content: dict[str, Any]) -> Iterator[Key]:
    """The same of a page as a revision has it."""
    for field in texts_of(model):
        yield from in_text(field, field.to_python(content.get(field.name)))


def texts_of(model: type[Model]) -> list[Any]:
    return [each for each in model._meta.get_fields() if hasattr(each, "extract_references")]


def in_text(field: Any, value: Any) -> Iterator[Key]:
    """What the value of a field that may name something names."""
    if value is not None:
        if isinstance(value, StreamValue):
            # Those that are no longer raw have been read.
            raw = [each for each in value._raw_data if each]
            yield from in_block(value.stream_block, raw)
        else:
            for model, key, _path, _content_path in field.extract_references(value):
                yield model, int(key)


def in_block(block: Block, raw: Any) -> Iterator[Key]:
    """What is named somewhere in the stored value `raw` of `block`."""
    if not raw:
        return
    if isinstance(block, ChooserBlock):
        yield block.model_class, int(raw)
    elif isinstance(block, RichTextBlock):
        for model, key, _path, _content_path in extract_references_from_rich_text(raw):
            yield model, int(key)
    else:
        for child, value in children(block, raw):
            yield from in_block(child, value)


def children(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """The blocks within `block`, each with its stored value."""
    if isinstance(block, StructBlock):
        yield from ((child, raw.get(name)) for name, child in block.child_blocks.items())
    elif isinstance(block, StreamBlock):
        for each in raw:
            if each["type"] in block.child_blocks:
                yield block.child_blocks[each["type"]], each["value"]
    elif isinstance(block, ListBlock):
        for each in raw:
            is_item = isinstance(each, dict) and each.get("type") == "item"
            yield block.child_block, each["value"] if is_item else each


def know_parents(pages: list[Any]) -> None:
    """Let each know what it lies below, and that its own fields are enough to call it by."""
    paths = {page._get_basepath(page.path, page.depth - 1) for page in pages if page.depth > 1}
    if not paths:
        return
    parents = {each.path: each for each in Page.objects.filter(path__in=paths)}
    for page in pages:
        page._cached_parent_obj = parents.get(page._get_basepath(page.path, page.depth - 1))
        page.specific = page
