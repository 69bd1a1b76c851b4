"""The blocks that editors write with: few, each with a template of the same name and a preview."""

from wagtail import blocks

from inspiration.pages.blocks.files import AudioBlock, DocumentBlock, VideoBlock
from inspiration.pages.blocks.live import (
    EffectBlock,
    HowItWorksBlock,
    MaterialBlock,
    NewestBlock,
)
from inspiration.pages.blocks.pictures import GalleryBlock, ImageBlock
from inspiration.pages.blocks.statement import ShortcomingsBlock
from inspiration.pages.blocks.writing import (
    AccordionBlock,
    ButtonRowBlock,
    CallToActionBlock,
    FactBoxBlock,
    QuoteBlock,
    RelatedBlock,
    RichTextBlock,
    StepBlock,
    StepsBlock,
    TableBlock,
)

__all__ = [
    "AccordionBlock",
    "AudioBlock",
    "ButtonRowBlock",
    "CallToActionBlock",
    "ContentBlock",
    "DocumentBlock",
    "EffectBlock",
    "FactBoxBlock",
    "GalleryBlock",
    "HomeBlock",
    "HowItWorksBlock",
    "ImageBlock",
    "MaterialBlock",
    "NewestBlock",
    "QuoteBlock",
    "RelatedBlock",
    "RichTextBlock",
    "ShortcomingsBlock",
    "StepBlock",
    "StepsBlock",
    "TableBlock",
    "VideoBlock",
]


class ContentBlock(blocks.StreamBlock):
    """What the body of a page is written with."""

    text = RichTextBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    video = VideoBlock()
    fact_box = FactBoxBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    document = DocumentBlock()
    audio = AudioBlock()
    buttons = ButtonRowBlock()
    call_to_action = CallToActionBlock()
    material = MaterialBlock()
    effect = EffectBlock()
    related = RelatedBlock()
    shortcomings = ShortcomingsBlock()


class HomeBlock(blocks.StreamBlock):
    """The sections of the start page, in the order that editors like."""

    how_it_works = HowItWorksBlock()
    material = MaterialBlock()
    newest = NewestBlock()
    effect = EffectBlock()
    call_to_action = CallToActionBlock()
    quote = QuoteBlock()
    text = RichTextBlock()
    related = RelatedBlock()
