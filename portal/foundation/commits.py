"""What follows a commit, however often a transaction asks for it, happens once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction


@dataclass(frozen=True)
class Call:
    function: Callable
    arguments: tuple

    def __call__(self) -> Any:
        return self.function(*self.arguments)


def once_on_commit(function: Callable, *arguments: Any) -> None:
    """Call `function` after commit, unless the same call waits for the commit already.

    `arguments` are hashable.
    """
    call = Call(function, arguments)
    # What a savepoint has asked for that was rolled back since is not among them any more.
    if not any(each == call for _, each, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(call)
