"""What templates of the whole site ask of the pages."""

from fractions import Fraction

from django import template
from django.db.models import Case, IntegerField, Q, Value, When
from wagtail.models import Locale, Site

from inspiration.lessons.amounts import Group
from inspiration.lessons.curriculum import YOUNGEST
from inspiration.lessons.kits.stocktake import per_unit
from inspiration.lessons.models import OLDEST, LessonIdeaPage, LessonMaterial
from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.menus import menus
from marketplace.safety.rules import fits_from

register = template.Library()

LESSON_IDEAS = 4
TIPS_ABOUT = 6
NEWEST_TIPS = 3
# For how many a listing is tried, where nobody has said for how many.
CLASS = Group(children=24, groups=4)


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


@register.filter
def enough_for_class(listing, idea):
    """Whether a listing alone is enough of what it is needed for in an idea, for a whole class."""
    line, category = set(), listing.category
    while category is not None:
        line.add(category.pk)
        category = category.parent
    tags = {item.tag_id for item in listing.tagged_items.all()}
    needed = [
        material
        for material in idea.materials.all()
        if material.structured_amount
        and not material.is_nice
        and (material.category_id in line or material.tag_id in tags)
    ]
    return bool(needed) and all(has_enough(listing, material) for material in needed)


def has_enough(listing, material):
    one = per_unit(listing, material.unit)
    needed = material.structured_amount.needed(children=CLASS.children, groups=CLASS.groups)
    return one is not None and Fraction(listing.stock.left) * one >= Fraction(needed)


def suits(listing, age_groups):
    """Whether a listing suits some of the children that an idea for `age_groups` is for."""
    age = fits_from(listing.answers)
    oldest = max((YOUNGEST[group] for group in age_groups if group in YOUNGEST), default=OLDEST)
    return age is not None and age <= oldest


@register.simple_tag
def tips_about(lesson, limit=TIPS_ABOUT):
    """How others did a lesson idea, the newest first, from every municipality."""
    return LessonTip.objects.published().about(lesson).for_cards()[:limit]


@register.simple_tag(takes_context=True)
def newest_tips(context, limit=NEWEST_TIPS):
    """The newest own ideas of units on this site."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    return LessonTip.objects.published().own_ideas().for_site(site).for_cards()[:limit]


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
