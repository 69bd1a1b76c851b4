"""The blocks that editors write with: few, each with a template of the same name and a preview."""

from wagtail import blocks

from .live import EffectBlock, HowItWorksBlock, MaterialBlock, NewestBlock
from .pictures import GalleryBlock, ImageBlock, VideoBlock
from .writing import (
    CallToActionBlock,
    FactBoxBlock,
    QuoteBlock,
    RelatedBlock,
    RichTextBlock,
    StepBlock,
    StepsBlock,
)

__all__ = [
    "CallToActionBlock",
    "ContentBlock",
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
    "StepBlock",
    "StepsBlock",
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
    call_to_action = CallToActionBlock()
    material = MaterialBlock()
    effect = EffectBlock()
    related = RelatedBlock()


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
