"""Writes jobs down in the database: those that one transaction leaves in one row, where they may.

The row is written in that transaction, so that neither is there without the other. Django imports
this before there are models.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django_tasks.base import Task
from django_tasks.utils import normalize_json
from django_tasks_db.backend import DatabaseBackend, TaskResult

from portal.foundation.commits import once_on_commit

# So many are in one row at the most: it is written again for each.
MOST_IN_A_ROW = 25
# The path of a task, its arguments, its keywords.
Call = list[Any]
_joining: set[str] = set()


def join(*tasks: Task) -> None:
    """Have what a transaction leaves of these tasks written down in one row.

    They are quick, and safe to run twice.
    """
    _joining.update(each.module_path for each in tasks)


def joins(task: Task) -> bool:
    """Whether this job of `task` may wait with others: it is neither urgent nor for later."""
    is_plain = not task.priority and task.run_after is None
    return is_plain and task.module_path in _joining


class JoiningBackend(DatabaseBackend):
    """django-tasks-db's, but for the jobs of tasks that `join`."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> TaskResult:
        if not (joins(task) and transaction.get_connection().in_atomic_block):
            return super().enqueue(task, args, kwargs)
        self.validate_task(task)
        return self._join(normalize_json([task.module_path, args, kwargs])).task_result

    def _join(self, call: Call) -> Any:
        from .batches import do_all

        parts = latest_parts()
        if parts and call in [part.call for part in parts]:
            return parts[0].row
        if parts and len(parts) < MOST_IN_A_ROW:
            row = parts[0].row
            row.args_kwargs["args"] = [[*(part.call for part in parts), call]]
            row.save(update_fields=["args_kwargs"])
        else:
            task: Any = do_all
            row = self._task_to_db_task(task, [[call]], {})
        transaction.on_commit(Part(row, call))
        return row


@dataclass(frozen=True)
class Part:
    """A job in the row of others.

    It waits for the commit only because a savepoint that is rolled back takes along what waits:
    what is still there is what the row holds.
    """

    row: Any
    call: Call

    def __call__(self) -> None:
        """The row has been written already."""


def latest_parts() -> list[Part]:
    """What the latest row of this transaction holds, in order."""
    parts: list[Part] = []
    for _sids, each, *_ in reversed(transaction.get_connection().run_on_commit):
        if not isinstance(each, Part):
            continue
        if parts and each.row is not parts[0].row:
            break
        parts.append(each)
    return parts[::-1]


def enqueue_once(task: Task, *args: Any) -> None:
    """Have `task` done after this transaction, once, however often the transaction asks for it."""
    if isinstance(task.get_backend(), JoiningBackend):
        task.enqueue(*args)
    else:
        # Not before the commit, for what does it at once would not see all of the transaction.
        once_on_commit(task.enqueue, *args)
