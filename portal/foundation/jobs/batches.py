"""Tasks whose waiting jobs are done together, and what one transaction has left in one row."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task

from . import queue

logger = logging.getLogger(__name__)

# Does the jobs with these arguments, or raises.
Do = Callable[[Sequence[Sequence]], None]
# What is to be done: the path of a task, its arguments, its keywords.
Call = list[Any]
# So many jobs are done in one round at the most.
MOST_ALIKE = 100


@dataclass(frozen=True)
class Round:
    """What does up to `most` jobs of a task at once."""

    do: Do
    most: int


_rounds: dict[str, Round] = {}


def in_rounds(task: Task, *, most: int = MOST_ALIKE) -> Callable[[Do], Do]:
    """Mark the function that does many jobs of `task` at once; it gets the arguments of each.

    It must be safe to run twice: when it fails, its jobs are done one by one instead.
    """

    def register(function: Do) -> Do:
        _rounds[task.module_path] = Round(function, most)
        return function

    return register


def round_of(task_path: str) -> Round | None:
    """What does many jobs of this task at once, if anything does."""
    return _rounds.get(task_path)


def perform(task: Any, args: Sequence, kwargs: dict[str, Any]) -> Any:
    """Do one job, by the round of its task if there is one; returns what the task returns."""
    found = round_of(task.module_path)
    if found and not kwargs:
        return found.do([args])
    return task.call(*args, **kwargs)


@task()
def do_all(calls: list[Call]) -> None:
    """Do what one transaction has left: what `backend.JoiningBackend` has put into one row."""
    do_all_of_many([[calls]])


@in_rounds(do_all)
def do_all_of_many(waiting: Sequence[Sequence]) -> None:
    """`do_all` for many transactions: what is asked for twice is done once.

    What fails is tried again as a job of its own, so that nothing else is done again for it.
    """
    every = chain.from_iterable(calls for (calls,) in waiting)
    for path, calls in _by_task(every).items():
        _do(path, calls)


def _by_task(calls: Iterable[Call]) -> dict[str, list[Call]]:
    found: dict[str, dict[str, Call]] = {}
    for call in calls:
        found.setdefault(call[0], {})[repr(call)] = call
    return {path: list(same_task.values()) for path, same_task in found.items()}


def _do(path: str, calls: list[Call]) -> None:
    if not _done_in_a_round(path, calls):
        for call in calls:
            try:
                perform(import_string(path), *call[1:])
            except Exception as error:
                logger.warning("%s%s is tried again by itself: %r", path, call[1:], error)
                queue.add_failed(call, error)


def _done_in_a_round(path: str, calls: list[Call]) -> bool:
    found = round_of(path)
    if not found or len(calls) == 1 or any(kwargs for _, _, kwargs in calls):
        return False
    try:
        found.do([args for _, args, _ in calls])
    except Exception as error:
        logger.warning("%d of %s are done one by one after: %r", len(calls), path, error)
        return False
    return True
