"""Documents that editors upload: of known types, and by their content what their name says."""

from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

TEXT = {"csv", "txt"}
# Office files are zip archives, and the writing program cannot always be identified.
ZIPPED = {"docx", "odp", "ods", "odt", "pptx", "xlsx"}
HEAD_BYTES = 8192
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")


def validate_content(file) -> None:
    """Refuse a file whose first bytes are not those of the type that its name ends with."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not _agrees(extension, head):
        raise ValidationError(
            _("The content of this file does not match its name. Save it again as %(type)s."),
            code="wrong_content",
            params={"type": extension.upper()},
        )


def _agrees(extension, head):
    kind = filetype.guess(head)
    if extension in TEXT:
        low = head.lower()
        return kind is None and b"\x00" not in head and not any(mark in low for mark in MARKUP)
    if kind is None:
        return False
    return kind.extension == extension or (
        extension in ZIPPED and kind.extension in {"zip", *ZIPPED}
    )


class DocumentForm(BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            validate_content(file)
        return file
