"""What templates of the whole site ask of the pages."""

from django import template
from django.db.models import Case, IntegerField, Q, Value, When
from wagtail.models import Locale

from inspiration.lessons.curriculum import YOUNGEST
from inspiration.lessons.models import OLDEST, LessonIdeaPage, LessonMaterial
from inspiration.pages.menus import menus
from marketplace.safety.rules import fits_from

register = template.Library()

LESSON_IDEAS = 4


@register.simple_tag(takes_context=True)
def lesson_ideas(context, listing, limit=LESSON_IDEAS):
    """What can be done with a listing: ideas for its very kind first, then its words, then wider.

    Only ideas for an age that it suits. In the reader's language, or the main one where that has
    none.
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
        pages = needed.filter(page__locale=locale).values_list("page", "page__age_groups")
        keys = [pk for pk, groups in dict(pages).items() if suits(listing, groups)][:limit]
        if keys:
            found = LessonIdeaPage.for_cards().in_bulk(keys)
            return [found[pk] for pk in keys if pk in found]
    return []


def suits(listing, age_groups):
    """Whether a listing suits some of the children that an idea for `age_groups` is for."""
    age = fits_from(listing.answers)
    oldest = max((YOUNGEST[group] for group in age_groups if group in YOUNGEST), default=OLDEST)
    return age is not None and age <= oldest


@register.simple_tag(takes_context=True)
def menu_pages(context):
    """{"menu": pages in menus, "footer": those at the foot}, each {title, url}."""
    request = context.get("request")
    return menus(request) if request else {"menu": [], "footer": []}


@register.inclusion_tag("inspiration/help/help_link.html", takes_context=True)
def help_link(context, key):
    """A link to the answer of a question of the help page, where the question arises.

    To the whole page where editors have taken the question away, and nothing without a page.
    """
    request = context.get("request")
    answers = menus(request)["help"] if request else {}
    return {"answer": answers.get(key) or answers.get("")}


@register.simple_tag(takes_context=True)
def lesson_index(context):
    """The list of lesson ideas of this site in the reader's language as {title, url}, or None."""
    request = context.get("request")
    return menus(request)["lessons"] if request else None
