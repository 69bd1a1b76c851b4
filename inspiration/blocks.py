"""The blocks that editors write with: few, each with a template of the same name."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from marketplace.models import Handover, MaterialListing

MAX_TEASED = 4


class RichTextBlock(blocks.RichTextBlock):
    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "inspiration/blocks/rich_text.html"
        description = _("Headings, paragraphs, lists and links.")
        preview_value = "<h2>Mellanrubrik</h2><p>Ett stycke text om återbruk.</p>"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "inspiration/blocks/image.html"
        description = _("A picture with a caption; the credit comes from the picture itself.")


class GalleryBlock(blocks.StructBlock):
    images = blocks.ListBlock(ImageChooserBlock(), label=_("Pictures"), min_num=2, max_num=12)

    class Meta:
        label = _("Gallery")
        icon = "image"
        template = "inspiration/blocks/gallery.html"
        description = _("Several pictures together.")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    who = blocks.CharBlock(label=_("Who said it"), required=False, max_length=120)

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "inspiration/blocks/quote.html"
        description = _("What somebody said, in large letters.")
        preview_value = {"text": "Barnen hittar alltid på något vi inte tänkt.", "who": "Pedagog"}


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What the video shows"), max_length=150)
    url = blocks.RegexBlock(
        label=_("Address"),
        regex=r"^https://(www\.youtube-nocookie\.com/embed|player\.vimeo\.com/video)/[\w-]+$",
        help_text=_(
            "The embed address of YouTube without cookies (www.youtube-nocookie.com/embed/…) or "
            "Vimeo (player.vimeo.com/video/…)."
        ),
        error_messages={"invalid": _("Write the embed address, as in the help text.")},
    )

    class Meta:
        label = _("Video")
        icon = "media"
        template = "inspiration/blocks/video.html"
        description = _("Nothing is asked of the video's host before the visitor clicks.")


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link", "ul", "ol"])

    class Meta:
        label = _("Fact box")
        icon = "info-circle"
        template = "inspiration/blocks/fact_box.html"
        description = _("Something worth knowing, in a box of its own.")
        preview_value = {"title": "Visste du?", "text": "<p>Ett kilo aluminium är värt mycket.</p>"}


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    text = blocks.RichTextBlock(label=_("What to do"), features=["bold", "italic", "link", "ul"])
    image = ImageChooserBlock(label=_("Picture"), required=False)

    class Meta:
        label = _("Step")
        icon = "list-ol"


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "inspiration/blocks/steps.html"
        description = _("Numbered steps, each with a picture if you like.")
        preview_value = [{"title": "Samla", "text": "<p>Lägg fram materialet.</p>", "image": None}]


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
        preview_value = {"text": "Har ni något över?", "label": "Erbjud material", "address": "/"}


class MaterialBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    listing = SnippetChooserBlock("marketplace.MaterialListing", label=_("Listing"), required=False)
    category = SnippetChooserBlock(
        "marketplace.MaterialCategory",
        label=_("Or a category"),
        required=False,
        help_text=_("Left empty, the newest material is shown."),
    )

    class Meta:
        label = _("Material")
        icon = "pick"
        template = "inspiration/blocks/material.html"
        description = _("A listing, or what there is of a category right now.")

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        available = MaterialListing.objects.available().for_cards()
        if value.get("listing"):
            available = available.filter(pk=value["listing"].pk)
        elif value.get("category"):
            below = type(value["category"]).objects.with_descendants(slugs=[value["category"].slug])
            available = available.filter(category__in=below)
        context["listings"] = available.order_by("-first_published_at")[:MAX_TEASED]
        return context


class EffectBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)

    class Meta:
        label = _("Effect")
        icon = "success"
        template = "inspiration/blocks/effect.html"
        description = _("What all handovers add up to, as of now.")

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["totals"] = Handover.objects.totals()
        context["handovers"] = Handover.objects.standing().count()
        return context


class RelatedBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(blocks.PageChooserBlock(), max_num=6, **kwargs)

    class Meta:
        label = _("Read more")
        icon = "doc-full"
        template = "inspiration/blocks/related.html"
        description = _("Cards that lead to other pages.")


class ContentBlock(blocks.StreamBlock):
    """What the body of a page is written with."""

    text = RichTextBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    video = VideoBlock()
    fact_box = FactBoxBlock()
    steps = StepsBlock()
    call_to_action = CallToActionBlock()
    material = MaterialBlock()
    effect = EffectBlock()
    related = RelatedBlock()


class NewestBlock(blocks.StructBlock):
    """The newest pages of a kind, for the start page."""

    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("LessonIdeaPage", _("Lesson ideas")),
            ("CaseStoryPage", _("Stories")),
            ("ArticlePage", _("Articles")),
            ("CampaignPage", _("Campaigns")),
        ],
    )

    class Meta:
        label = _("Newest pages")
        icon = "doc-full-inverse"
        template = "inspiration/blocks/newest.html"
        description = _("Cards of the newest pages of one kind.")

    def get_context(self, value, parent_context=None):
        from django.apps import apps
        from wagtail.models import Locale

        context = super().get_context(value, parent_context=parent_context)
        model = apps.get_model("inspiration", value["kind"])
        pages = model.objects.live().public().filter(locale=Locale.get_active())
        context["pages"] = pages.select_related("cover").order_by("-first_published_at")[:3]
        return context


class HowItWorksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Heading"), max_length=60)),
                ("text", blocks.TextBlock(label=_("Text"), max_length=250)),
            ]
        ),
        label=_("Steps"),
        min_num=2,
        max_num=4,
    )

    class Meta:
        label = _("How it works")
        icon = "list-ol"
        template = "inspiration/blocks/how_it_works.html"
        description = _("Two to four steps that explain the portal.")


class HomeBlock(blocks.StreamBlock):
    """The sections of the start page, in the order that editors like."""

    how_it_works = HowItWorksBlock()
    material = MaterialBlock()
    newest = NewestBlock()
    effect = EffectBlock()
    call_to_action = CallToActionBlock()
    text = RichTextBlock()
