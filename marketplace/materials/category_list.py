"""The list of categories in the admin, whose rows lead to their translations."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as their_words
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button
from wagtail_localize.models import TranslationSource

from marketplace.translations.permissions import can_translate_texts
from portal.foundation.exports.views import ExportIndexView


class CategoryIndexView(ExportIndexView):
    """Asks about the translations of all rows at once; wagtail-localize asks for each row."""

    def get_list_buttons(self, instance):
        # Past the hooks for snippets, which bring those buttons.
        return IndexView.get_list_buttons(self, instance)

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if not can_translate_texts(self.request.user):
            return buttons
        return [*buttons, *self.translation_buttons(instance)]

    def translation_buttons(self, category):
        if category.locale.language_code == settings.LANGUAGE_CODE:
            yield Button(
                their_words("Translate"),
                reverse("start_text", args=["category", category.pk]),
                attrs={"aria-label": their_words("Translate '%(title)s'") % {"title": category}},
                icon_name="wagtail-localize-language",
                priority=100,
            )
        if source := self.sources.get((category.translation_key, category.locale_id)):
            url = reverse("wagtail_localize:update_translations", args=[source])
            label = their_words("Sync translations of '%(title)s'") % {"title": category}
            yield Button(
                their_words("Sync translated snippets"),
                f"{url}?{urlencode({'next': self.request.path})}",
                attrs={"aria-label": label},
                icon_name="resubmit",
                priority=106,
            )

    @cached_property
    def sources(self) -> dict[tuple[UUID, int], int]:
        """{(translation key, language): what is kept in step from there}."""
        rows = TranslationSource.objects.filter(
            specific_content_type__app_label="marketplace",
            specific_content_type__model="materialcategory",
            translations__enabled=True,
        )
        found = rows.values_list("object", "locale", "pk")
        return {(key, language): pk for key, language, pk in found}
