"""The process that does the jobs: lanes that work, and a heart that beats for them.

One lane takes urgent jobs only, so that a sign-in code never waits behind a long job. A lane that
loses the database takes a new name when it is back: what it had taken under the old one is taken up
again after the lease, by whichever worker is there.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from . import queue
from .batches import Do, perform, round_of
from .models import WorkerLane

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
# The lane for urgent jobs looks more often.
IDLE_URGENT_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
# How long the jobs being done may go on after the process was asked to end.
GRACE_SECONDS = 60


def machine() -> str:
    """What the names of this machine's lanes begin with."""
    return socket.gethostname()[:30]


def run_job(job: DBTaskResult) -> None:
    """Do one job; a failure is written down, and the job tried again later."""
    try:
        task = job.task
        task_started.send(sender=type(task.get_backend()), task_result=job.task_result)
        returned = perform(task, job.args_kwargs["args"], job.args_kwargs["kwargs"])
    except Exception as error:
        _fail(job, error)
    else:
        job.set_successful(returned)
        task_finished.send(sender=type(task.get_backend()), task_result=job.task_result)


def run_together(jobs: list[DBTaskResult], do: Do) -> None:
    """Do jobs of one task in a round; one by one where that fails, so that none stops the rest."""
    try:
        do([job.args_kwargs["args"] for job in jobs])
    except Exception as error:
        logger.warning("%d jobs are done one by one after: %r", len(jobs), error)
        for job in jobs:
            run_job(job)
    else:
        queue.settle(jobs)


def _fail(job: DBTaskResult, error: Exception) -> None:
    job.set_failed(error)
    again = queue.try_again_later(job)
    logger.log(
        logging.WARNING if again else logging.ERROR,
        "Job %s (%s) failed, %s: %r",
        job.pk,
        job.task_path,
        f"try {len(job.worker_ids)}, it is tried again" if again else "it is set aside",
        error,
        exc_info=error,
    )


def do_next(job: DBTaskResult, lane: str) -> None:
    """Do `job`, and with it those like it that wait, when its task is done in rounds."""
    found = round_of(job.task_path)
    # One that has been tried before is done alone, as the others would fail with it.
    others = []
    if found and len(job.worker_ids) == 1:
        others = queue.take_alike(job, lane, found.most - 1)
    if found and others:
        run_together([job, *others], found.do)
    else:
        run_job(job)


class Lane(threading.Thread):
    """Takes one job after the other until it is asked to stop."""

    def __init__(self, *, stop: threading.Event, urgent_only: bool, batch: bool):
        super().__init__(daemon=True)
        self.stop, self.urgent_only, self.batch = stop, urgent_only, batch
        self.idle_seconds = IDLE_URGENT_SECONDS if urgent_only else IDLE_SECONDS
        self.take_new_name()

    def take_new_name(self) -> None:
        kind = "urgent" if self.urgent_only else "all"
        self.lane = f"{machine()}-{os.getpid()}-{kind}-{get_random_string(8)}"

    def run(self) -> None:
        pause = self.idle_seconds
        while not self.stop.is_set():
            try:
                worked = self.work_once()
                pause = self.idle_seconds
            except Exception as error:
                logger.warning("Going on with a new connection after: %r", error)
                self.lose_database()
                worked, pause = False, min(pause * 2, LONGEST_PAUSE_SECONDS)
            if not worked:
                if self.batch:
                    break
                self.stop.wait(pause)
        connections.close_all()

    def work_once(self) -> bool:
        """Do one job, and those that are done together with it; False when there is none."""
        close_old_connections()
        job = queue.take_next(self.lane, urgent_only=self.urgent_only)
        if job is None:
            return False
        do_next(job, self.lane)
        return True

    def lose_database(self) -> None:
        connections.close_all()
        self.take_new_name()


class Worker:
    """Lanes, and the heart that shows that they are alive and takes up what others have left."""

    def __init__(self, *, lanes: int = 1, urgent_lane: bool = True, batch: bool = False):
        self.stop = threading.Event()
        kinds = [True] * (urgent_lane and not batch) + [False] * lanes
        self.lanes = [Lane(stop=self.stop, urgent_only=kind, batch=batch) for kind in kinds]

    def run(self) -> None:
        """Work until a signal comes, or in a batch until nothing is due."""
        self.listen_for_signals()
        self.beat()
        for lane in self.lanes:
            lane.start()
        while not self.stop.is_set() and any(lane.is_alive() for lane in self.lanes):
            self.stop.wait(WorkerLane.BEAT.total_seconds() if not self.lanes[0].batch else 0.1)
            self.safely(self.beat)
            self.safely(queue.take_up_left_jobs)
        self.finish()

    def listen_for_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, self.ask_to_stop)

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        logger.info("Ending after the jobs that are being done.")
        self.stop.set()

    def beat(self) -> None:
        """Show that the lanes are alive."""
        now = timezone.now()
        for lane in self.lanes:
            if lane.is_alive() or not lane.ident:
                WorkerLane.objects.update_or_create(
                    name=lane.lane, defaults={"seen_at": now, "urgent_only": lane.urgent_only}
                )

    def safely(self, function: Callable[[], object]) -> None:
        try:
            close_old_connections()
            function()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer the worker: %s", error)
            connections.close_all()

    def finish(self) -> None:
        """Wait for the jobs being done, then let others take what is left at once."""
        for lane in self.lanes:
            lane.join(GRACE_SECONDS)
        names = [lane.lane for lane in self.lanes if not lane.is_alive()]
        self.safely(WorkerLane.objects.filter(name__in=names).delete)
