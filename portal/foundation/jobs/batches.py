"""Tasks whose waiting jobs are done together, because one round serves them all."""

from collections.abc import Callable, Sequence

from django_tasks.base import Task

# Does the jobs with these arguments, or raises.
Round = Callable[[Sequence[Sequence]], None]
_rounds: dict[str, Round] = {}


def in_rounds(task: Task) -> Callable[[Round], Round]:
    """Mark the function that does many jobs of `task` at once; it gets the arguments of each.

    It must be safe to run twice: when it fails, its jobs are done one by one instead.
    """

    def register(function: Round) -> Round:
        _rounds[task.module_path] = function
        return function

    return register


def round_of(task_path: str) -> Round | None:
    """What does many jobs of this task at once, if anything does."""
    return _rounds.get(task_path)
