"""Translated texts in the queue: the original beside the translation."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.desk.queue.items import Item, register
from marketplace.desk.queue.pages import Translations
from marketplace.desk.queue.reviewed import ReviewedKind
from marketplace.desk.translations.texts import type_of
from marketplace.translations.models import TranslatedText

PLACE = "organisation__municipality"


@register
class Texts(ReviewedKind):
    """Editors review them. What is late comes to the coordinator of where the original is from."""

    name, icon = "text", "site"
    label, one = gettext_lazy("Translated texts"), gettext_lazy("Translated text")
    model = TranslatedText
    prepared = Translations.prepared

    def places(self, object_ids):
        place = Coalesce(
            f"listing__{PLACE}", f"wanted_ad__{PLACE}", "idea__handover__receiver__municipality"
        )
        rows = TranslatedText.objects.filter(pk__in=object_ids).annotate(place=place)
        return {str(pk): found for pk, found in rows.values_list("pk", "place")}

    def things(self, object_ids):
        rows = TranslatedText.objects.with_things().filter(pk__in=object_ids)
        return {str(text.pk): text for text in rows.select_related("latest_revision", "created_by")}

    def item(self, pk, thing):
        latest = thing.draft
        type = type_of(thing).one
        return Item(
            pk=pk,
            title=str(latest),
            about=thing,
            what=_("%(kind)s, a new version") % {"kind": type} if thing.live else type,
            who=str(thing.created_by or ""),
            where=thing.language_name,
            url=self.url(thing),
            remarks=[] if latest.fits else [latest.obstacle_to_publishing()],
            seen=str(thing.latest_revision_id or ""),
        )

    def text(self, thing):
        return thing.text

    def facts(self, thing):
        original = thing.source
        return [
            (_("Original title"), original.title),
            (_("Original text"), original.text),
            *((label, f"{words} → {own}") for label, words, own in thing.details_in_words),
            (_("Organisation"), thing.sent_by and thing.sent_by.name),
        ]
