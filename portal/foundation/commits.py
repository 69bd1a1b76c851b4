"""What follows a commit, however often a transaction asks for it, happens once."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


class Call:
    """A call after commit. Of equal ones in a transaction the first is made, the others are not.

    Each waits for the commit by itself, for a savepoint that is rolled back takes its own along.
    """

    def __init__(self, function: Callable, arguments: tuple, made: set) -> None:
        self.function, self.arguments, self.made = function, arguments, made
        # What was made before this was asked for does not count.
        made.discard(self.key)

    @property
    def key(self) -> tuple:
        return self.function, self.arguments

    def __call__(self) -> None:
        if self.key not in self.made:
            self.made.add(self.key)
            self.function(*self.arguments)


def once_on_commit(function: Callable, *arguments: Any) -> None:
    """Call `function` with `arguments`, which are hashable, once after the commit."""
    waiting = transaction.get_connection().run_on_commit
    others = (each for _, each, _ in reversed(waiting) if isinstance(each, Call))
    other = next(others, None)
    transaction.on_commit(Call(function, arguments, other.made if other else set()))
