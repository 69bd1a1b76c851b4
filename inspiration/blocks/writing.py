"""Blocks of words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Locale, Page

from ..cards import page_cards


class RichTextBlock(blocks.RichTextBlock):
    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "inspiration/blocks/rich_text.html"
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
        template = "inspiration/blocks/quote.html"
        description = _("What somebody said, in large letters.")
        preview_value = {
            "text": _("The children always find something that we had not thought of."),
            "who": _("A teacher"),
        }


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link", "ul", "ol"])

    class Meta:
        label = _("Fact box")
        icon = "info-circle"
        template = "inspiration/blocks/fact_box.html"
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
        template = "inspiration/blocks/steps.html"
        description = _("Numbered steps, each with a picture if you like.")

    def get_preview_value(self):
        steps = [
            (gettext("Gather"), gettext("<p>Lay out the material and look at it together.</p>")),
            (gettext("Try"), gettext("<p>What holds? What rolls? What makes a sound?</p>")),
        ]
        return self.normalize(
            [{"title": title, "text": text, "image": None} for title, text in steps]
        )


class CallToActionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=200)
    label = blocks.CharBlock(label=_("Words on the button"), max_length=40)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("Or an address"),
        required=False,
        max_length=200,
        help_text=_("Such as /material/erbjud/."),
    )

    class Meta:
        label = _("Call to action")
        icon = "link"
        template = "inspiration/blocks/call_to_action.html"
        description = _("A sentence and a button.")
        preview_value = {
            "text": _("Do you have something left over?"),
            "label": _("Offer material"),
            "page": None,
            "address": "/",
        }


class RelatedBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(blocks.PageChooserBlock(), max_num=6, **kwargs)

    class Meta:
        label = _("Read more")
        icon = "doc-full"
        template = "inspiration/blocks/related.html"
        description = _("Cards that lead to other pages.")

    def get_preview_value(self):
        # What is written in the editor's language below a list: articles, stories and ideas.
        pages = Page.objects.live().filter(depth__gt=3, locale=Locale.get_active())
        return self.normalize(list(pages.order_by("-pk")[:3]))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["pages"] = page_cards([page.pk for page in value if page and page.live])
        return context
