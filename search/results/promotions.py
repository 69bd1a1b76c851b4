"""What editors recommend for a question: Wagtail's search promotions, without keeping questions."""

from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

from search.engines.base import SearchQuery

PROMOTED = "search:promoted"
# How long another process may miss a new one, in seconds.
KEPT_SECONDS = 60


def for_question(query: SearchQuery) -> list[dict[str, Any]]:
    """What is recommended for the words, on the first page, as {title, url, text, language}."""
    asked = normalise_query_string(query.text)
    if not asked or query.page > 1 or asked not in promoted():
        return []
    found = SearchPromotion.objects.filter(query__query_string=asked).select_related("page__locale")
    return [shown for each in found if (shown := _shown(each, query))]


def promoted() -> set[str]:
    """The questions that something is recommended for; few, and asked for with every search."""
    found = cache.get_or_set(
        PROMOTED,
        lambda: set(SearchPromotion.objects.values_list("query__query_string", flat=True)),
        KEPT_SECONDS,
    )
    return found or set()


def connect() -> None:
    """Reload them when one changes."""
    for signal in (post_save, post_delete):
        signal.connect(_forget, sender=SearchPromotion, dispatch_uid="promotions")


def _forget(**kwargs: Any) -> None:
    cache.delete(PROMOTED)


def _shown(promotion: SearchPromotion, query: SearchQuery) -> dict[str, Any] | None:
    page = promotion.page
    if page is None:
        return {
            "title": promotion.external_link_text,
            "url": promotion.external_link_url,
            "text": promotion.description,
            "language": "",
        }
    if not page.live:
        return None
    if page.locale.language_code != query.language:
        translation = (
            page.get_translations().live().filter(locale__language_code=query.language).first()
        )
        page = translation or page
    return {
        "title": page.title,
        "url": page.url,
        "text": promotion.description,
        "language": page.locale.language_code,
    }
