"""How links in texts are written, for readers and in the editor, with what is known of them."""

from typing import Any

from django.utils.html import escape
from wagtail.admin.rich_text.converters.html_to_contentstate import PageLinkElementHandler
from wagtail.documents import get_document_model
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler
from wagtail.models import Locale, Page
from wagtail.rich_text.pages import PageLinkHandler

from portal.foundation.pages.links import known_links


class PageLink(PageLinkHandler):
    """A link to a page in a text that is read."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Any]:
        keys = [int(each["id"]) if each.get("id", "").isdecimal() else 0 for each in attrs_list]
        links, locale = known_links(), Locale.get_active()
        known = links.know(Page, keys)
        links.know_translations(locale)
        pages = [known[key] for key in keys]
        return [page and links.in_language(page, locale) for page in pages]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        pages = cls.get_many(attrs_list)
        return [f'<a href="{escape(page.url)}">' if page else "<a>" for page in pages]


class DocumentLink(DocumentLinkHandler):
    """A link to a document in a text that is read."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Any]:
        keys = [int(each["id"]) if each.get("id", "").isdecimal() else 0 for each in attrs_list]
        known = known_links().know(cls.get_model(), keys)
        return [known[key] for key in keys]


class EditedPageLink(PageLinkElementHandler):
    """A link to a page in a text that is edited."""

    def get_attribute_data(self, attrs):
        page = known_links().rows[Page].get(int(attrs["id"]))
        if page is None:
            return super().get_attribute_data(attrs)
        parent = page.get_parent()
        return {"id": page.pk, "url": page.url, "parentId": parent and parent.pk}


class EditedDocumentLink(DocumentLinkElementHandler):
    """A link to a document in a text that is edited."""

    def get_attribute_data(self, attrs):
        key = attrs.get("id") or ""
        documents = known_links().rows[get_document_model()]
        document = documents.get(int(key)) if key.isdecimal() else None
        if document is None:
            return super().get_attribute_data(attrs)
        return {"id": document.pk, "url": document.url, "filename": document.filename}


def register_links(features: Any) -> None:
    """Put ours in the place of Wagtail's, which has registered its own before."""
    features.register_link_type(PageLink)
    features.register_link_type(DocumentLink)
    handlers = {
        "link": {'a[linktype="page"]': EditedPageLink("LINK")},
        "document-link": {'a[linktype="document"]': EditedDocumentLink("DOCUMENT")},
    }
    for name, own in handlers.items():
        rule = features.converter_rules_by_converter["contentstate"][name]
        rule = rule | {"from_database_format": rule["from_database_format"] | own}
        features.register_converter_rule("contentstate", name, rule)
