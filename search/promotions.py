"""What editors recommend for a question: Wagtail's search promotions, without keeping questions."""

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

PROMOTED = "search:promoted"
# So long may another process not know of a new one.
KEPT_SECONDS = 60


def for_question(query):
    """The recommendations for the words asked for, on the first page, as {title, url, text}."""
    asked = normalise_query_string(query.text)
    if not asked or query.page > 1 or asked not in promoted():
        return []
    found = SearchPromotion.objects.filter(query__query_string=asked).select_related("page__locale")
    return [shown for each in found if (shown := _shown(each, query))]


def promoted():
    """The questions that something is recommended for; few, and asked for with every search."""
    return cache.get_or_set(
        PROMOTED,
        lambda: set(SearchPromotion.objects.values_list("query__query_string", flat=True)),
        KEPT_SECONDS,
    )


def connect():
    """Read them anew when one has been changed."""
    for signal in (post_save, post_delete):
        signal.connect(_forget, sender=SearchPromotion, dispatch_uid="promotions")


def _forget(**kwargs):
    cache.delete(PROMOTED)


def _shown(promotion, query):
    page = promotion.page
    if page is None:
        return {
            "title": promotion.external_link_text,
            "url": promotion.external_link_url,
            "text": promotion.description,
        }
    if not page.live:
        return None
    if page.locale.language_code != query.language:
        translation = (
            page.get_translations().live().filter(locale__language_code=query.language).first()
        )
        page = translation or page
    return {"title": page.title, "url": page.url, "text": promotion.description}
