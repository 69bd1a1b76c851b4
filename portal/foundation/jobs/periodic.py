"""Running what time brings about, step by step, and writing down how each went."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from .models import PeriodicStep
from .rows import collected_failures, report

ALWAYS = timedelta(0)
HOURLY = timedelta(minutes=59)
DAILY = timedelta(hours=23)
KEPT_FAILURES = 20


@dataclass(frozen=True)
class Step:
    """Something that is done regularly: at every run, or when `every` has passed since the last."""

    function: Callable[[], object]
    every: timedelta = ALWAYS

    @property
    def name(self) -> str:
        return self.function.__name__

    def is_due(self, now: datetime) -> bool:
        if self.every == ALWAYS:
            return True
        # A run in the future is from a clock that has been put back since.
        recent = PeriodicStep.objects.filter(ran_at__gt=now - self.every, ran_at__lte=now)
        return not recent.filter(name=self.name).exists()


def run(steps: Iterable[Step], say: Callable[[str], object]) -> int:
    """Run the steps that are due; returns how many had something that failed."""
    failed = 0
    for step in steps:
        if step.is_due(timezone.now()):
            outcome, failures = run_step(step)
            failed += bool(failures)
            say(f"{step.name.replace('_', ' ')}: {outcome}")
            for failure in failures:
                say(f"  {failure}")
    return failed


def run_step(step: Step) -> tuple[str, list[str]]:
    """Run one step; returns what it answered and what failed, and keeps both for the admin."""
    started = time.monotonic()
    with collected_failures() as failures:
        try:
            outcome = str(step.function())
        except Exception as error:
            report(step.name.replace("_", " "), error)
            outcome = "failed"
            if not connection.in_atomic_block and not connection.is_usable():
                connection.close()
    PeriodicStep.objects.update_or_create(
        name=step.name,
        defaults={
            "ran_at": timezone.now(),
            "seconds": round(time.monotonic() - started, 2),
            "outcome": outcome[:200],
            "failures": failures[:KEPT_FAILURES],
        },
    )
    return outcome, failures
