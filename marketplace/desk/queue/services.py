"""The queue of one reader: what waits, in which order, and deciding about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.images import get_image_model

from marketplace.desk.queue import pages, partners, reports, reviewed, texts  # noqa: F401  # register
from marketplace.desk.queue.items import KINDS, Answer, Item, QueueKind, Waiting
from marketplace.desk.queue.presence import address_of, others_on
from marketplace.review.errors import WordsMissing
from marketplace.review.late import late_since
from portal.foundation.users.models import User

SMALL, LARGE = "fill-120x90|format-jpeg", "max-640x480|format-jpeg"


@dataclass
class Row:
    """One line of the queue: `item`, with what the reader needs to know around it."""

    waiting: Waiting
    item: Item
    kind: QueueKind
    late: bool
    on_it: list[str]
    image: Any = None
    url: str = ""

    @property
    def key(self) -> str:
        return self.waiting.key


def kinds_for(user: User) -> list[QueueKind]:
    """The kinds of things that can wait for `user`, in their order."""
    return [kind for kind in KINDS.values() if kind.may(user)]


def may_see_queue(user: User) -> bool:
    return user.is_active and bool(kinds_for(user))


def all_waiting(user: User) -> list[Waiting]:
    """Everything that waits for `user`, what has waited longest first."""
    return sorted(row for kind in kinds_for(user) for row in kind.waiting(user))


def numbers(waiting: Iterable[Waiting]) -> Counter[str]:
    """How much there is of each kind."""
    return Counter(row.kind for row in waiting)


def read(waiting: list[Waiting], user: User) -> list[Row]:
    """The rows in the given order, with all that they show, in a constant number of queries.

    What has gone in the meantime is left out.
    """
    by_kind: dict[str, list[Waiting]] = {}
    for each in waiting:
        by_kind.setdefault(each.kind, []).append(each)
    items = {name: KINDS[name].read(rows) for name, rows in by_kind.items()}
    found = [(each, items[each.kind][each.pk]) for each in waiting if each.pk in items[each.kind]]
    images = pictures([item.picture for _each, item in found if item.picture], SMALL)
    busy = others_on([item.about for _each, item in found], user)
    since = late_since()
    return [
        Row(
            waiting=each,
            item=item,
            kind=KINDS[each.kind],
            late=each.since <= since,
            on_it=busy.get(address_of(item.about), []),
            image=images.get(item.picture),
        )
        for each, item in found
    ]


def pictures(pks: Iterable[int], spec: str) -> dict[int | None, Any]:
    """{key of an image: its rendition}"""
    images = get_image_model().objects.filter(pk__in=pks).prefetch_renditions(spec)
    return {image.pk: image.get_rendition(spec) for image in images}


def parse(key: str) -> tuple[QueueKind, int] | None:
    """The kind and number that a key such as "listing-12" names, or None."""
    name, _dash, number = key.rpartition("-")
    if name in KINDS and number.isdecimal() and len(number) < 10:
        return KINDS[name], int(number)
    return None


@transaction.atomic
def decide(*, key: str, answer: str, words: str, by: User, seen: str = "") -> None:
    """Give `answer` about what `key` names, in the name of `by`.

    Raises `WordsMissing`, `WrongState` where it does not wait for them (any longer), and
    `ChangedMeanwhile`; `PermissionDenied` where nothing of the kind is theirs to decide.
    """
    found = parse(key)
    if found is None or answer not in found[0].answers or not found[0].may(by):
        raise PermissionDenied
    kind, pk = found
    answer = Answer(answer)
    if answer in kind.needs_words and not words.strip():
        raise WordsMissing
    if not any(row.pk == pk for row in kind.waiting(by)):
        raise kind.gone(pk, by)
    kind.decide(pk=pk, answer=answer, words=words.strip(), by=by, seen=seen)
