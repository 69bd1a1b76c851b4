"""What templates of the whole site ask of the pages."""

from django import template
from django.db.models import Case, IntegerField, Q, Value, When
from wagtail.models import Locale

from inspiration.menus import menus
from inspiration.models import LessonIdeaPage, LessonMaterial

register = template.Library()

LESSON_IDEAS = 4


@register.simple_tag(takes_context=True)
def lesson_ideas(context, listing, limit=LESSON_IDEAS):
    """What can be done with a listing: ideas for its very kind first, then its words, then wider.

    In the reader's language, or the main one where that has none.
    """
    tags = [item.tag_id for item in listing.tagged_items.all()]
    category, above = listing.category_id, []
    parent = listing.category.parent
    while parent is not None:
        above.append(parent.pk)
        parent = parent.parent
    nearness = Case(
        When(category=category, then=Value(0)),
        When(tag__in=tags, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    needed = (
        LessonMaterial.objects.filter(Q(category__in=[category, *above]) | Q(tag__in=tags))
        .filter(page__live=True)
        .order_by(nearness, "-page__first_published_at", "pk")
    )
    for locale in dict.fromkeys([Locale.get_active(), Locale.get_default()]):
        keys = list(
            dict.fromkeys(needed.filter(page__locale=locale).values_list("page", flat=True))
        )
        if keys:
            found = LessonIdeaPage.for_cards().in_bulk(keys[:limit])
            return [found[pk] for pk in keys[:limit] if pk in found]
    return []


@register.simple_tag(takes_context=True)
def menu_pages(context):
    """{"menu": pages in menus, "footer": those at the foot}, each {title, url}."""
    request = context.get("request")
    return menus(request) if request else {"menu": [], "footer": []}


@register.simple_tag(takes_context=True)
def lesson_index(context):
    """The list of lesson ideas of this site in the reader's language as {title, url}, or None."""
    request = context.get("request")
    return menus(request)["lessons"] if request else None
