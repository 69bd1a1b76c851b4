"""Blocks of words."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Locale, Page

from inspiration.pages.cards import page_cards
from portal.foundation.links import is_link, validate_link
from portal.foundation.pages.choosers import (
    DocumentChooserBlock,
    ImageChooserBlock,
    PageChooserBlock,
)


class RichTextBlock(blocks.RichTextBlock):
    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "inspiration/pages/blocks/rich_text.html"
        description = _("Headings, paragraphs, lists and links.")

    def get_preview_value(self):
        return self.normalize(
            gettext("<h2>A heading</h2><p>A paragraph, with a <b>word</b> that matters.</p>")
        )


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    who = blocks.CharBlock(label=_("Who said it"), required=False, max_length=120)

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "inspiration/pages/blocks/quote.html"
        description = _("What somebody said, in large letters.")
        preview_value = {
            "text": _("The children always find something we had not thought of."),
            "who": _("A teacher"),
        }


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link", "ul", "ol"])

    class Meta:
        label = _("Fact box")
        icon = "info-circle"
        template = "inspiration/pages/blocks/fact_box.html"
        description = _("Something worth knowing, in a box of its own.")

    def get_preview_value(self):
        text = gettext("<p>A sheet of corrugated cardboard weighs about half a kilogram.</p>")
        return self.normalize({"title": gettext("Did you know?"), "text": text})


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    text = blocks.RichTextBlock(label=_("What to do"), features=["bold", "italic", "link", "ul"])
    image = ImageChooserBlock(label=_("Picture"), required=False)

    class Meta:
        label = _("Step")
        icon = "list-ol"
        description = _("What to do, with a picture if you like.")


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "inspiration/pages/blocks/steps.html"
        description = _("Numbered steps, each with a picture if you like.")

    def get_preview_value(self):
        steps = [
            (gettext("Gather"), gettext("<p>Lay out the material and look at it together.</p>")),
            (gettext("Try"), gettext("<p>What holds? What rolls? What makes a sound?</p>")),
        ]
        return self.normalize(
            [{"title": title, "text": text, "image": None} for title, text in steps]
        )


class CallToActionValue(blocks.StructValue):
    @property
    def url(self):
        """Where the button leads, or "" where what was once typed is no link."""
        page, document, address = self.get("page"), self.get("document"), self.get("address")
        if page:
            return page.url or ""
        if document:
            return document.url
        return address if address and is_link(address) else ""


class LinkBlock(blocks.StructBlock):
    """A button: its words, and a page, a document or an address to lead to."""

    label = blocks.CharBlock(label=_("Button text"), max_length=40)
    page = PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("Or an address"),
        required=False,
        max_length=200,
        help_text=_("For example, /material/erbjud/."),
        validators=[validate_link],
    )
    document = DocumentChooserBlock(label=_("Or a document"), required=False)

    def clean(self, value):
        cleaned = super().clean(value)
        if not any(cleaned.get(name) for name in ("page", "address", "document")):
            words = _("Choose a page or a document, or write an address.")
            raise StructBlockValidationError(block_errors={"page": ValidationError(words)})
        return cleaned

    class Meta:
        label = _("Button")
        icon = "link"
        value_class = CallToActionValue


class CallToActionBlock(LinkBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=200)

    class Meta:
        label = _("Call to action")
        icon = "link"
        template = "inspiration/pages/blocks/call_to_action.html"
        value_class = CallToActionValue
        form_layout = ["text", "label", "page", "address", "document"]
        description = _("A sentence and a button.")
        preview_value = {
            "text": _("Do you have something left over?"),
            "label": _("Offer material"),
            "page": None,
            "address": "/",
        }


class ButtonRowBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(LinkBlock(), min_num=1, max_num=4, **kwargs)

    class Meta:
        label = _("Row of buttons")
        icon = "link"
        template = "inspiration/pages/blocks/button_row.html"
        description = _("Up to four buttons beside each other.")

    def get_preview_value(self):
        words = (gettext("Offer material"), gettext("Look for material"))
        return self.normalize(
            [{"label": label, "page": None, "address": "/", "document": None} for label in words]
        )


class AccordionBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(FactBoxBlock(), min_num=1, **kwargs)

    class Meta:
        label = _("Accordion")
        icon = "list-ul"
        template = "inspiration/pages/blocks/accordion.html"
        description = _("Headings that open, one below the other.")

    def get_preview_value(self):
        rows = [
            (gettext("How much does it cost?"), gettext("<p>Nothing.</p>")),
            (gettext("Who drives?"), gettext("<p>Those who have said that they can.</p>")),
        ]
        return self.normalize([{"title": title, "text": text} for title, text in rows])


class TableValue(blocks.StructValue):
    @property
    def lines(self):
        """The rows as lists of cells, all as long as the longest."""
        lines = [re.split(r"\t|;", line) for line in self["rows"].splitlines() if line.strip()]
        widest = max((len(line) for line in lines), default=0)
        return [[cell.strip() for cell in line] + [""] * (widest - len(line)) for line in lines]


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("What the table shows"), max_length=150)
    rows = blocks.TextBlock(
        label=_("Rows"),
        max_length=20_000,
        help_text=_(
            "Paste from a spreadsheet, or write a row on each line with a semicolon between the "
            "cells. The first row holds the headings."
        ),
    )

    class Meta:
        label = _("Table")
        icon = "table"
        template = "inspiration/pages/blocks/table.html"
        value_class = TableValue
        description = _("Rows and columns, pasted from a spreadsheet.")
        preview_value = {
            "caption": _("What is needed"),
            "rows": _("Material;Pieces\nTube;2\nPlank;1"),
        }


class RelatedBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(PageChooserBlock(), max_num=6, **kwargs)

    class Meta:
        label = _("Read more")
        icon = "doc-full"
        template = "inspiration/pages/blocks/related.html"
        description = _("Cards that lead to other pages.")

    def get_preview_value(self):
        # What is written in the editor's language below a list: articles, stories and ideas.
        pages = Page.objects.live().filter(depth__gt=3, locale=Locale.get_active())
        return self.normalize(list(pages.order_by("-pk")[:3]))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["pages"] = page_cards([page for page in value if page and page.live])
        return context
