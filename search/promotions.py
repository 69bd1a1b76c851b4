"""What editors recommend for a question: Wagtail's search promotions, without keeping questions."""

from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string


def for_question(query):
    """The recommendations for the words asked for, on the first page, as {title, url, text}."""
    if not query.text or query.page > 1:
        return []
    found = SearchPromotion.objects.filter(
        query__query_string=normalise_query_string(query.text)
    ).select_related("page__locale")
    return [promoted for each in found if (promoted := _shown(each, query))]


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
