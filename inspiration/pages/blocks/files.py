"""Blocks of videos, sound and documents."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from inspiration.pages.blocks.videos import embed_address
from portal.foundation.pages.choosers import DocumentChooserBlock

FILM, SOUND = {"mp4"}, {"m4a", "mp3"}


def is_of(document, extensions) -> bool:
    return PurePath(document.filename).suffix.lower().lstrip(".") in extensions


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What the video shows"), max_length=150)
    url = blocks.CharBlock(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("As you copy it from YouTube or Vimeo."),
    )
    file = DocumentChooserBlock(
        label=_("Or a file of your own"), required=False, help_text=_("An MP4 file.")
    )
    transcript = blocks.TextBlock(
        label=_("In words"),
        required=False,
        help_text=_(
            "What is said and shown, for people who cannot hear or see it. Choose a "
            "video that has captions."
        ),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        typed, file = cleaned.get("url"), cleaned.get("file")
        if typed:
            cleaned["url"] = embed_address(typed)
            if cleaned["url"] is None:
                refuse("url", _("Write the address of a video on YouTube or Vimeo."))
        elif file is None:
            refuse("url", _("Write an address, or choose a file."))
        elif not is_of(file, FILM):
            refuse("file", _("Choose an MP4 file."))
        return cleaned

    class Meta:
        label = _("Video")
        icon = "media"
        template = "inspiration/pages/blocks/video.html"
        description = _("Nothing is loaded from the video's host until the visitor clicks.")
        preview_value = {
            "title": _("A class builds a marble run"),
            "url": "https://player.vimeo.com/video/1",
            "file": None,
        }


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What is heard"), max_length=150)
    file = DocumentChooserBlock(label=_("File"), help_text=_("An MP3 or M4A file."))
    transcript = blocks.RichTextBlock(
        label=_("What is said, in writing"),
        features=["bold", "link", "ul"],
        help_text=_("For people who cannot hear it."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        if not is_of(cleaned["file"], SOUND):
            refuse("file", _("Choose an MP3 or M4A file."))
        return cleaned

    class Meta:
        label = _("Sound")
        icon = "media"
        template = "inspiration/pages/blocks/audio.html"
        description = _("Something to listen to, and the same in writing.")
        preview_value = {
            "title": _("The sounds of the workshop"),
            "file": None,
            "transcript": _("A saw, a hammer, laughter."),
        }


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    text = blocks.CharBlock(label=_("What it is"), required=False, max_length=200)

    class Meta:
        label = _("Document")
        icon = "doc-full"
        template = "inspiration/pages/blocks/document.html"
        description = _("A file to download, with its type and size.")
        preview_value = {"document": None, "text": _("A pattern to print")}


def refuse(name, words):
    raise StructBlockValidationError(block_errors={name: ValidationError(words)})
