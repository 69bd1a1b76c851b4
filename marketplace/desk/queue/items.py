"""What waits for somebody's yes or no, whatever it is, in one shape.

A kind of thing registers itself with `register`; other apps add theirs and we do not know them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import WrongState
from portal.foundation.text_types import StrOrPromise
from portal.foundation.users.models import User


class Answer(TextChoices):
    APPROVE = "approve", _("Approve")
    CHANGES = "changes", _("Ask for changes")
    REFUSE = "refuse", _("Refuse")


@dataclass(frozen=True, order=True)
class Waiting:
    """One row of the queue before it is read in: enough to count, filter and order."""

    since: datetime
    kind: str
    pk: int
    place: int | None = field(default=None, compare=False)
    # The key of what is reviewed, where `pk` is that of the state of its review.
    object_id: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"


@dataclass
class Item:
    """What waits, as a row shows it. `about` is what somebody has opened who is on it."""

    pk: int
    title: str
    about: Model
    what: StrOrPromise = ""
    who: str = ""
    where: str = ""
    url: str = ""
    picture: int | None = None
    pictures: list[int] = field(default_factory=list)
    remarks: list[StrOrPromise] = field(default_factory=list)
    text: str = ""
    facts: list[tuple[StrOrPromise, Any]] = field(default_factory=list)
    # Differs once the thing has been changed; sent back with a decision.
    seen: str = ""


class QueueKind:
    """A kind of thing that waits. What is allowed follows from `waiting`: who has it, decides."""

    name: ClassVar[str]
    label: ClassVar[StrOrPromise]
    one: ClassVar[StrOrPromise]
    icon: ClassVar[str] = "tasks"
    # What each answer is called here. One that is missing cannot be given.
    answers: ClassVar[Mapping[Answer, StrOrPromise]] = {
        Answer.APPROVE: _("Approve and publish"),
        Answer.CHANGES: _("Ask for changes"),
        Answer.REFUSE: _("Refuse"),
    }
    needs_words: ClassVar[frozenset[Answer]] = frozenset({Answer.CHANGES, Answer.REFUSE})
    # Sentences to choose from, so that they need not be written each time.
    prepared: ClassVar[list[StrOrPromise]] = []

    @property
    def approve_label(self) -> StrOrPromise:
        return self.answers[Answer.APPROVE]

    def may(self, user: User) -> bool:
        """Whether such things can wait for `user` at all."""
        raise NotImplementedError

    def waiting(self, user: User) -> Iterable[Waiting]:
        """All that waits for `user`, in a constant number of queries."""
        raise NotImplementedError

    def read(self, rows: list[Waiting]) -> dict[int, Item]:
        """{key: row}, in a constant number of queries."""
        return self.items([row.pk for row in rows])

    def items(self, pks: list[int]) -> dict[int, Item]:
        """The rows with these keys, in a constant number of queries."""
        raise NotImplementedError

    def details(self, item: Item, user: User) -> Item:
        """`item` with what is needed to decide about it, for the one row that is open."""
        return item

    def gone(self, pk: int, user: User) -> WrongState:
        """What to say of something that does not wait for `user`, to raise it."""
        return WrongState()

    def decide(self, *, pk: int, answer: Answer, words: str, by: User, seen: str = "") -> None:
        """Carry out what was decided. Raises `ExchangeError`."""
        raise NotImplementedError


KINDS: dict[str, QueueKind] = {}


def register(kind: type[QueueKind]) -> type[QueueKind]:
    """Add a kind to the queue. They stand in the order in which they are added."""
    KINDS[kind.name] = kind()
    return kind
