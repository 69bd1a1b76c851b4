"""A category is called what its reviewed translation says."""

from django.db import transaction
from wagtail.models import Locale
from wagtail.signals import published

from marketplace.materials.models import MaterialCategory
from marketplace.translations.models import TranslatedText


@transaction.atomic
def name_category(text: TranslatedText) -> MaterialCategory:
    """Write a published translation on the category's row in that language, made where missing."""
    locale = Locale.objects.get(language_code=text.language_code)
    original = text.category
    row = original.get_translation_or_none(locale) or original.copy_for_translation(locale)
    row.name, row.weight_hint = text.title, text.text
    row.save()
    return row


def on_published(sender, instance, **kwargs):
    if instance.category_id:
        name_category(instance)


def connect():
    published.connect(on_published, sender=TranslatedText, dispatch_uid="materials.translating")
