"""What a translator reads while writing: the original beside the fields."""

from wagtail.admin.panels import Panel

from marketplace.translations.source import language_in_sentence


class OriginalPanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "marketplace/translations/original_panel.html"

        def get_context_data(self, parent_context=None):
            text = self.instance
            return super().get_context_data(parent_context) | {
                "language": language_in_sentence(text.language_code),
                "thing": text.thing,
                "original": text.source,
                "details": text.details_in_words,
                "has_changed": bool(text.source_digest and not text.fits),
            }
