"""Counts what is asked, by day and words, without keeping anything about who asks.

Words that might say something about a person (addresses, telephone and personal numbers, whole
sentences) are not kept; the search is still counted. What few have asked for is forgotten as words
after a while, and is never shown in the report.
"""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from . import analysis
from .engine import MAX_PAGE, PAGE_SIZE
from .models import SearchCount

# Words are only shown when they have been asked for this many times in all.
OFTEN = 3
MOST_WORDS = 5
MOST_CHARACTERS = 60
KEPT_RARE = timedelta(days=60)
PERSONAL = re.compile(r"@|https?:|www\.|(?:\d[\s().+-]*){5,}")


def normalise(text):
    """The words that are counted, or nothing when they might be personal."""
    if PERSONAL.search(text):
        return ""
    words = [match.group() for match in analysis.WORD.finditer(text.casefold())]
    kept = " ".join(words)
    return kept if len(words) <= MOST_WORDS and len(kept) <= MOST_CHARACTERS else ""


def is_new_question(request, text):
    """Whether somebody asks for `text` now, and does not only narrow what was asked before."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        asked = parse_qs(urlsplit(before).query).get("q", [""])[0]
    except ValueError:
        # No address that a browser would tell.
        return True
    return normalise(asked) != normalise(text) or not asked


def count_search(*, text, municipality, total):
    """Count one question, and whether it found something."""
    _add(
        text=normalise(text),
        municipality=municipality,
        searches=1,
        without_result=0 if total else 1,
    )


def count_click(*, text, municipality, position, day=None):
    """Count a click on the result at `position`, for words that were asked for today."""
    if not 1 <= position <= MAX_PAGE * PAGE_SIZE:
        return False
    row = SearchCount.objects.filter(
        day=day or timezone.localdate(), text=normalise(text), municipality=municipality
    )
    return bool(
        row.filter(clicks__lt=F("searches") * 50).update(
            clicks=F("clicks") + 1, click_positions=F("click_positions") + position
        )
    )


def _add(*, text, municipality, day=None, **numbers):
    key = {
        "day": day or timezone.localdate(),
        "text": text,
        "municipality": municipality,
    }
    more = {name: F(name) + number for name, number in numbers.items()}
    if SearchCount.objects.filter(**key).update(**more):
        return
    try:
        with transaction.atomic():
            SearchCount.objects.create(**key, **numbers)
    except IntegrityError:
        SearchCount.objects.filter(**key).update(**more)


def forget_rare_words(today=None):
    """Count what few have asked for, some time ago, without its words. Returns how many rows."""
    today = today or timezone.localdate()
    old = SearchCount.objects.exclude(text="").filter(day__lt=today - KEPT_RARE)
    often = SearchCount.objects.asked_often(OFTEN)
    with transaction.atomic():
        rare = old.exclude(text__in=often.values("text"))
        pks = list(rare.select_for_update().values_list("pk", flat=True))
        rows = SearchCount.objects.filter(pk__in=pks)
        sums = {
            name: Sum(name) for name in ("searches", "without_result", "clicks", "click_positions")
        }
        for row in list(rows.values("day", "municipality").order_by().annotate(**sums)):
            _add(text="", **row)
        rows.delete()
    return len(pks)
