"""Jobs are done once, tried again when they fail, and taken up when their process is gone."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from taggit.models import Tag

from portal.foundation.jobs import queue
from portal.foundation.jobs.models import WorkerLane
from portal.foundation.jobs.worker import do_next, run_job

from . import probes

pytestmark = pytest.mark.django_db
LANE = "machine-1-all-abc"


@pytest.fixture(autouse=True)
def database_queue(settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}
    }


def work(lane=LANE, urgent_only=False):
    """Do all jobs that are due; returns how many."""
    done = 0
    while job := queue.take_next(lane, urgent_only=urgent_only):
        run_job(job)
        done += 1
    return done


def later(job, moment):
    DBTaskResult.objects.filter(pk=job.pk).update(run_after=moment)


def the_job():
    return DBTaskResult.objects.get()


def test_a_job_is_done_and_not_done_again():
    probes.note.enqueue("done")

    assert work() == 1
    assert work() == 0
    assert Tag.objects.filter(name="done").exists()
    assert the_job().status == "SUCCESSFUL"


def test_an_urgent_job_overtakes_a_backlog():
    for number in range(30):
        probes.note.enqueue(f"backlog {number}")
    probes.note_at_once.enqueue("code")

    run_job(queue.take_next(LANE))

    assert list(Tag.objects.values_list("name", flat=True)) == ["code"]


def test_the_urgent_lane_takes_nothing_else():
    probes.note.enqueue("ordinary")
    probes.note_at_once.enqueue("code")

    assert work(urgent_only=True) == 1
    assert list(Tag.objects.values_list("name", flat=True)) == ["code"]


def test_a_failing_job_is_tried_again_with_growing_waits_and_then_set_aside():
    probes.fail.enqueue("broken")
    waits = []
    for _number in range(queue.MAX_TRIES):
        before = timezone.now()
        assert work() == 1
        job = the_job()
        waits.append(job.run_after - before)
        later(job, timezone.now())

    assert job.status == "FAILED"
    assert "ValueError" in job.exception_class_path
    assert work() == 0
    assert all(a < b or b > timedelta(hours=5) for a, b in pairwise(waits[:-1]))
    assert waits[0] >= timedelta(seconds=9)


def test_what_was_set_aside_is_done_when_somebody_has_put_it_right():
    probes.fail_until_noted.enqueue("fixed")
    for _number in range(queue.MAX_TRIES):
        work()
        later(the_job(), timezone.now())
    assert list(queue.set_aside()) == [the_job()]
    Tag.objects.create(name="fixed")

    assert queue.send_again([the_job().pk]) == 1
    work()

    assert the_job().status == "SUCCESSFUL"


def test_a_job_whose_process_was_killed_is_taken_up_again():
    probes.note.enqueue("left")
    long_ago = timezone.now() - timedelta(minutes=2)
    WorkerLane.objects.create(name=LANE, seen_at=long_ago)
    job = queue.take_next(LANE)
    DBTaskResult.objects.filter(pk=job.pk).update(started_at=long_ago)

    assert queue.take_up_left_jobs() == 1
    assert work("machine-2-all-def") == 1

    assert Tag.objects.filter(name="left").exists()


def test_a_job_whose_worker_is_alive_is_left_to_it():
    probes.note.enqueue("long")
    WorkerLane.objects.create(name=LANE)
    job = queue.take_next(LANE)
    DBTaskResult.objects.filter(pk=job.pk).update(started_at=timezone.now() - timedelta(minutes=9))

    assert queue.take_up_left_jobs() == 0
    assert the_job().status == "RUNNING"


def test_a_job_that_kills_its_worker_every_time_is_set_aside():
    probes.note.enqueue("poison")
    long_ago = timezone.now() - timedelta(minutes=2)
    for _number in range(queue.MAX_TRIES):
        later(the_job(), timezone.now())
        job = queue.take_next(LANE)
        DBTaskResult.objects.filter(pk=job.pk).update(started_at=long_ago)
        assert queue.take_up_left_jobs() == 1

    assert the_job().status == "FAILED"
    assert "WorkerGone" in the_job().exception_class_path


def test_a_job_of_a_task_that_is_gone_fails_like_another():
    probes.note.enqueue("gone")
    DBTaskResult.objects.update(task_path="tests.portal.jobs.probes.nothing")

    work()

    assert the_job().status == "READY"
    assert "Error" in the_job().exception_class_path


@pytest.fixture
def rounds():
    probes.ROUNDS.clear()
    return probes.ROUNDS


def do_all():
    while job := queue.take_next(LANE):
        do_next(job, LANE)


def test_jobs_that_one_round_serves_are_done_together(rounds):
    for name in ("one", "two", "three"):
        probes.note_unless_broken.enqueue(name)
    probes.note.enqueue("another")

    do_all()

    assert rounds == [3]
    assert set(Tag.objects.values_list("name", flat=True)) == {"one", "two", "three", "another"}
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_one_that_fails_stops_none_of_its_round(rounds):
    for name in ("one", "broken", "three"):
        probes.note_unless_broken.enqueue(name)

    do_all()

    assert max(rounds) == 3
    assert set(Tag.objects.values_list("name", flat=True)) == {"one", "three"}
    (waiting,) = DBTaskResult.objects.exclude(status="SUCCESSFUL")
    assert waiting.args_kwargs["args"] == ["broken"]

    # Tried again it is alone, so that the next ones have a round without it.
    later(waiting, timezone.now())
    probes.note_unless_broken.enqueue("four")
    probes.note_unless_broken.enqueue("five")
    rounds.clear()
    do_all()
    assert sorted(rounds) == [1, 2]
    assert Tag.objects.filter(name__in=["four", "five"]).count() == 2


def test_a_round_whose_process_was_killed_is_taken_up_again(rounds):
    for name in ("one", "two"):
        probes.note_unless_broken.enqueue(name)
    queue.take_alike(queue.take_next(LANE), LANE, 9)

    queue.take_up_left_jobs(timezone.now() + 2 * WorkerLane.LEASE)
    do_all()

    assert set(Tag.objects.values_list("name", flat=True)) == {"one", "two"}


def test_old_jobs_are_removed_and_recent_ones_kept():
    for name in ("old", "new"):
        probes.note.enqueue(name)
    work()
    old = DBTaskResult.objects.earliest("enqueued_at")
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=9))

    assert queue.prune_jobs() == 1
    assert the_job().pk != old.pk
