"""Counts what is asked, by day and words, without keeping anything about who asks.

Words that might say something about a person (addresses, telephone and personal numbers, whole
sentences) are not kept; the search is still counted. What few have asked for is forgotten as words
after a while, and is never shown in the report.
"""

import hmac
import re
import secrets
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from portal.foundation import throttling
from search.engines.base import MAX_PAGE, PAGE_SIZE
from search.query.analysis import WORD
from search.results import reference
from search.statistics.models import SearchCount

# Words are only shown when they have been asked for this many times in all.
OFTEN = 3
MOST_WORDS = 5
MOST_CHARACTERS = 60
KEPT_RARE = timedelta(days=60)
DAY_SECONDS = 24 * 60 * 60
PERSONAL = re.compile(r"@|https?:|www\.|(?:\d[\s().+-]*){5,}")


def normalise(text: str) -> str:
    """The words that are counted, or nothing when they might be personal."""
    if PERSONAL.search(text):
        return ""
    words = [match.group() for match in WORD.finditer(text.casefold())]
    kept = " ".join(words)
    return kept if len(words) <= MOST_WORDS and len(kept) <= MOST_CHARACTERS else ""


def is_new_question(request: HttpRequest, text: str) -> bool:
    """Whether somebody asks for `text` now, and does not only narrow what was asked before."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        asked = parse_qs(urlsplit(before).query).get("q", [""])[0]
    except ValueError:
        # No address that a browser would tell.
        return True
    return normalise(asked) != normalise(text) or not asked


def count_search(
    *, request: HttpRequest, text: str, municipality: str, total: int, visitor: str
) -> bool:
    """Count one question, and whether it found something, once per visitor and day.

    `visitor` is a hash (see `throttling.visitor_of`). What a browser calls itself is part of it,
    and may be invented: so `request` says the address, of which only so many are counted. Returns
    whether it was counted.
    """
    text, municipality = normalise(text), known(municipality)
    mark = mark_of(visitor, text, municipality)
    if not throttling.allows("counted_searches", key=mark_of(visitor)):
        return False
    if throttling.store.get(mark):
        return False
    if not throttling.allows("counted_searches_address", request=request):
        return False
    if not throttling.store.add(mark, {"total": total, "clicked": False}, DAY_SECONDS):
        return False
    _add(
        text=text,
        municipality=municipality,
        searches=1,
        without_result=0 if total else 1,
    )
    return True


def count_click(*, text: str, municipality: str, position: int, visitor: str) -> bool:
    """Count the first click of a visitor on a result of what they asked for today.

    `position` is that of the result, from 1 and at most as many as were found.
    """
    text, municipality = normalise(text), known(municipality)
    mark = mark_of(visitor, text, municipality)
    asked = throttling.store.get(mark)
    if not asked or asked["clicked"]:
        return False
    if not 1 <= position <= min(asked["total"], MAX_PAGE * PAGE_SIZE):
        return False
    throttling.store.set(mark, asked | {"clicked": True}, DAY_SECONDS)
    row = SearchCount.objects.filter(day=timezone.localdate(), text=text, municipality=municipality)
    return bool(row.update(clicks=F("clicks") + 1, click_positions=F("click_positions") + position))


def known(municipality: str) -> str:
    """The slug of a municipality that there is, or nothing."""
    return municipality if municipality in reference.municipalities() else ""


def mark_of(visitor: str, *what: str) -> str:
    """What says that `visitor` has been counted for `what` today, and says it to nobody else.

    Hashed with a secret of the day that is thrown away when the day is over: from then on nobody
    can find out who it was, even with all that is kept.
    """
    today = timezone.localdate().isoformat()
    secret = throttling.store.get_or_set(f"visitors-of:{today}", secrets.token_hex, DAY_SECONDS)
    told = "\n".join([today, visitor, *what])
    return f"counted:{hmac.new(secret.encode(), told.encode(), 'sha256').hexdigest()}"


def _add(*, text: str, municipality: str, day: date | None = None, **numbers: int) -> None:
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


def forget_rare_words(today: date | None = None) -> int:
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
