"""Pages of several kinds in one list, with all that their cards show in a constant number of
queries."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page


def page_cards(pages):
    """The pages of a queryset (or list of pages) as their own types, in the same order."""
    if hasattr(pages, "values_list"):
        pages = pages.only("pk", "content_type_id")
    keys = []
    types: dict[int, list[int]] = {}
    for page in pages:
        keys.append(page.pk)
        types.setdefault(page.content_type_id, []).append(page.pk)
    found: dict[int, Page] = {}
    for type_id, own in types.items():
        # A page whose kind the portal no longer has is shown as any page.
        model: Any = ContentType.objects.get_for_id(type_id).model_class() or Page
        cards = model.for_cards() if hasattr(model, "for_cards") else model.objects.all()
        found |= cards.in_bulk(own)
    return [found[pk] for pk in keys if pk in found]
