"""What templates of the whole site ask of the pages."""

from django import template
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from wagtail.models import Locale, Page

from inspiration.models import InspirationIndexPage, LessonIdeaPage, LessonMaterial
from inspiration.sites import root_page

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
    """Pages right below the start page: {"menu": those in menus, "footer": those at the foot}."""
    request = context.get("request")
    root = root_page(request) if request else None
    if root is None:
        return {"menu": [], "footer": []}
    pages = list(
        root.get_children()
        .live()
        .public()
        .select_related("locale")
        .annotate(
            at_foot=Coalesce(
                "standardpage__show_in_footer", "formpage__show_in_footer", Value(False)
            )
        )
    )
    return {
        "menu": [page for page in pages if page.show_in_menus],
        "footer": [page for page in pages if page.at_foot],
    }


@register.simple_tag(takes_context=True)
def lesson_index(context):
    """The list of lesson ideas of this site in the reader's language, or None."""
    request = context.get("request")
    if request is None:
        return None
    if not hasattr(request, "_lesson_index"):
        root = root_page(request)
        lesson = LessonIdeaPage.objects.descendant_of(root).live() if root else Page.objects.none()
        path = lesson.values_list("path", flat=True).first()
        above = InspirationIndexPage.objects.filter(path=(path or "")[: -Page.steplen])
        request._lesson_index = above.select_related("locale").first() if path else None
    return request._lesson_index
