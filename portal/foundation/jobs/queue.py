"""The queue of jobs: which is next, what happens to one that failed or was left.

The rows are django-tasks-db's. How often a job has been tried is the number of its `worker_ids`.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import WorkerLane

# Nothing waits behind a backlog from here on: mail that somebody is looking at the clock for.
URGENT = 25
MAX_TRIES = 8
# Stands for the lane of a job's first try, which was made with others.
AMONG_OTHERS = "among others"
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
KEEP_DONE = timedelta(days=2)
KEEP_SET_ASIDE = timedelta(days=30)


def wait_before(tries: int) -> timedelta:
    """How long a job waits after it has failed `tries` times: 10 s, then four times as long."""
    if not tries:
        return timedelta(0)
    return min(FIRST_WAIT * 4 ** (tries - 1), LONGEST_WAIT)


@transaction.atomic
def take_next(lane: str, *, urgent_only: bool = False) -> DBTaskResult | None:
    """Claim the most urgent job that is due for `lane`, or return None."""
    jobs = DBTaskResult.objects.ready()
    if urgent_only:
        jobs = jobs.filter(priority__gte=URGENT)
    job = jobs.get_locked()
    if job is not None:
        job.claim(lane)
    return job


@transaction.atomic
def take_alike(job: DBTaskResult, lane: str, most: int) -> list[DBTaskResult]:
    """Claim up to `most` more jobs of the task of `job`, due and as urgent, for the same `lane`.

    None that has been tried before: it may be the one that the others would fail with.
    """
    alike = DBTaskResult.objects.ready().filter(
        task_path=job.task_path, priority=job.priority, worker_ids=[]
    )
    found = list(alike.select_for_update(skip_locked=True)[:most])
    DBTaskResult.objects.filter(pk__in=[each.pk for each in found]).update(
        status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=[lane]
    )
    for each in found:
        each.worker_ids = [lane]
    return found


def settle(jobs: list[DBTaskResult]) -> None:
    """Note that these jobs, which return nothing, have been done."""
    done = DBTaskResult.objects.filter(pk__in=[job.pk for job in jobs])
    done.update(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())


def try_again_later(job: DBTaskResult, *, was_left: bool = False) -> bool:
    """Put a failed job back, to wait its turn; False when it has been tried often enough.

    One that was left by its process has not failed: the first time it is done again at once.
    """
    tries = len(job.worker_ids)
    if tries >= MAX_TRIES:
        return False
    _requeue([job.pk], timezone.now() + wait_before(tries - was_left))
    return True


def add_failed(call: list, error: Exception) -> DBTaskResult:
    """Write down a job that has failed once among others; it is tried again like any other.

    `call` is the path of its task, its arguments and its keywords.
    """
    path, args, kwargs = call
    job = DBTaskResult.objects.create(
        task_path=path,
        args_kwargs={"args": args, "kwargs": kwargs},
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        run_after=timezone.now(),
        worker_ids=[AMONG_OTHERS],
    )
    job.set_failed(error)
    try_again_later(job)
    return job


def _requeue(pks: list, run_after: datetime) -> int:
    return DBTaskResult.objects.filter(pk__in=pks).update(
        status=TaskResultStatus.READY, run_after=run_after, finished_at=None
    )


def left_jobs(now: datetime | None = None) -> list[DBTaskResult]:
    """Running jobs whose lane has not been seen for a lease: their process is gone."""
    now = now or timezone.now()
    alive = set(WorkerLane.objects.alive(now).values_list("name", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=now - WorkerLane.LEASE)
    return [job for job in running if not job.worker_ids or job.worker_ids[-1] not in alive]


def take_up_left_jobs(now: datetime | None = None) -> int:
    """Put back jobs whose process is gone, or set them aside when that happens again and again."""
    taken_up = 0
    for job in left_jobs(now):
        with transaction.atomic():
            running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
            current = running.filter(pk=job.pk, worker_ids=job.worker_ids).first()
            if current is None:
                continue
            if not try_again_later(current, was_left=True):
                current.set_failed(WorkerGone("The process that did this job ended, every time."))
            taken_up += 1
    return taken_up


class WorkerGone(Exception):
    """The process ended while it did the job."""


def set_aside() -> models.QuerySet:
    """Failed jobs that wait for somebody to retry them."""
    return DBTaskResult.objects.failed()


@transaction.atomic
def send_again(pks: list) -> int:
    """Try set-aside jobs again, as new ones. Returns how many."""
    jobs = set_aside().filter(pk__in=pks)
    return jobs.update(
        status=TaskResultStatus.READY, run_after=timezone.now(), finished_at=None, worker_ids=[]
    )


def prune(now: datetime | None = None) -> int:
    """Remove jobs that are done or given up, and lanes that ended long ago. Returns how many."""
    now = now or timezone.now()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE)
    given_up = set_aside().filter(finished_at__lt=now - KEEP_SET_ASIDE)
    removed = done.delete()[0] + given_up.delete()[0]
    WorkerLane.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    return removed


def prune_jobs() -> int:
    """The step of `manage.py periodic` that keeps the table of jobs small."""
    return prune()
