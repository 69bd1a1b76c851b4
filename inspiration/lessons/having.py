"""The other way round: "30 tubes" → the lesson ideas that it is enough for, and for how many."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from taggit.models import Tag
from wagtail.models import Locale, Site

from inspiration.lessons.amounts import NUMBERS, UNITS, Amount, Necessity, Per, suggested
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.lessons.naming import meant_by
from inspiration.pages.sites import pages_of_site
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import format_quantity
from portal.foundation import throttling

MOST_CHARACTERS = 80
PER_PAGE = 12
UNIT_WORDS = {word for words in UNITS.values() for word in words} | {"st", "stycken", "pieces"}
SMALL_WORDS = {"av", "och", "of", "and", "med", "with"}
FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Having:
    """So much of what somebody calls `words`."""

    amount: Amount
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Having | None":
        """What "30 rör" or "två kilo knappar" means; None where it says no amount or nothing."""
        amount = suggested(text[:MOST_CHARACTERS])
        said = re.findall(r"[^\W\d_]+", text[:MOST_CHARACTERS].casefold())
        left_out = {*NUMBERS, *UNIT_WORDS, *SMALL_WORDS}
        words = tuple(each for each in said if each not in left_out and len(each) >= FEWEST_LETTERS)
        return cls(amount, words) if amount and words else None

    def __str__(self) -> str:
        return f"{format_quantity(self.amount.quantity, self.amount.unit)}: {' '.join(self.words)}"


@dataclass(frozen=True)
class Enough:
    """A lesson idea and for how many it is enough of one of its materials."""

    lesson: LessonIdeaPage
    material: LessonMaterial
    many: int

    def __str__(self) -> str:
        if self.material.per == Per.CHILD:
            words = ngettext("Enough for %(n)d child", "Enough for %(n)d children", self.many)
        elif self.material.per == Per.GROUP:
            words = ngettext("Enough for %(n)d group", "Enough for %(n)d groups", self.many)
        else:
            return _("Enough for everybody")
        return words % {"n": self.many}


def named(words: Iterable[str]) -> tuple[set[int], set[int]]:
    """(categories with all above and below them, tags of lesson ideas) that `words` mean.

    Categories as their rows in the main language.
    """
    is_meant = meant_by(words)
    names = MaterialCategory.objects.values_list("translation_key", "name")
    keys = {key for key, name in names if is_meant(name)}
    used = Tag.objects.filter(pk__in=LessonMaterial.objects.values("tag"))
    found = set(
        MaterialCategory.objects.source()
        .filter(translation_key__in=keys)
        .values_list("slug", flat=True)
    )
    below = MaterialCategory.objects.with_descendants(slugs=found)
    parents = {pk: parent for pk, _slug, parent in MaterialCategory.objects.tree()}
    categories: set[int] = set(below.values_list("pk", flat=True))
    above = {parents.get(pk) for pk in categories}
    while further := {pk for pk in above if pk} - categories:
        categories |= further
        above = {parents.get(pk) for pk in further}
    return categories, {pk for pk, name in used.values_list("pk", "name") if is_meant(name)}


def enough_for(having: Having, site: Site | None) -> list[Enough]:
    """The ideas that there is enough for, those for most children first.

    In the reader's language, or the main one where that has none.
    """
    categories, tags = named(having.words)
    pages = pages_of_site(LessonIdeaPage.objects.all(), site)
    for locale in dict.fromkeys([Locale.get_active(), Locale.get_default()]):
        materials = LessonMaterial.objects.filter(
            Q(category__in=categories) | Q(tag__in=tags),
            page__in=pages.filter(locale=locale),
            necessity=Necessity.MUST,
            unit=having.amount.unit,
            quantity__lte=having.amount.quantity,
        )
        best: dict[int, LessonMaterial] = {}
        for material in materials.order_by("quantity", "pk"):
            best.setdefault(material.page_id, material)
        if best:
            return _in_order(best, having.amount.quantity)
    return []


def _in_order(best: dict[int, LessonMaterial], quantity: Decimal) -> list[Enough]:
    lessons = LessonIdeaPage.for_cards().in_bulk(best)
    found = []
    for pk, material in best.items():
        amount = material.structured_amount
        if amount and pk in lessons:
            found.append(Enough(lessons[pk], material, int(amount.enough_for(quantity))))
    order = {Per.CHILD: 0, Per.GROUP: 1, Per.ALL: 2}
    return sorted(
        found, key=lambda each: (order[Per(each.material.per)], -each.many, each.lesson.title)
    )


@require_safe
def what_for(request):
    """What can be done with what one has: `?har=30 rör`."""
    text = request.GET.get("har", "").strip()
    found: list[Enough] = []
    having = Having.of(text)
    if text:
        throttling.consume_by_device("kit", request=request)
    if having:
        found = enough_for(having, Site.find_for_request(request))
    numbers = Paginator(found, PER_PAGE).get_page(request.GET.get("sida"))
    context = {"text": text[:MOST_CHARACTERS], "having": having, "numbers": numbers}
    return render(request, "inspiration/lessons/what_for.html", context)
