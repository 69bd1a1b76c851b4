"""Rich text: the browser sends it as JSON, in which controls are spelt out and so pass unseen."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextAreaAdapter
from wagtail.admin.telepath import register

from portal.foundation.text_cleaning.cleaning import clean_text

# What Wagtail's converter raises where the JSON is none, or holds other things than an editor's.
MALFORMED = (ValueError, AttributeError, TypeError, LookupError, RecursionError)


class CleanRichTextArea(DraftailRichTextArea):
    """Wagtail's editor, in all fields and blocks (`WAGTAILADMIN_RICH_TEXT_EDITORS`)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            html = super().value_from_datadict(data, files, name)
        except MALFORMED as error:
            raise BadRequest("This is not what the editor of texts sends.") from error
        return clean_text(html) if isinstance(html, str) else html


register(DraftailRichTextAreaAdapter(), CleanRichTextArea)
