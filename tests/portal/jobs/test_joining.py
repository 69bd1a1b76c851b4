"""What one transaction leaves is one job, and none of its parts stops the others."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from taggit.models import Tag

from portal.foundation.jobs import backend, queue
from portal.foundation.jobs.models import WorkerLane
from portal.foundation.jobs.worker import do_next

from . import probes

pytestmark = pytest.mark.django_db(transaction=True)
LANE = "machine-1-all-abc"


@pytest.fixture(autouse=True)
def joining_queue(settings):
    settings.TASKS = {"default": {"BACKEND": "portal.foundation.jobs.backend.JoiningBackend"}}


def work(lane=LANE):
    while job := queue.take_next(lane):
        do_next(job, lane)


def noted():
    return set(Tag.objects.values_list("name", flat=True))


def test_what_one_transaction_leaves_is_one_job_that_does_all_of_it():
    with transaction.atomic():
        probes.note.enqueue("one")
        probes.note_unless_broken.enqueue("two")
        probes.note.enqueue(name="three")
    with transaction.atomic():
        probes.note.enqueue("of another")

    assert DBTaskResult.objects.count() == 2
    work()
    assert noted() == {"one", "two", "three", "of another"}
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_what_is_asked_for_twice_is_done_once():
    probes.ROUNDS.clear()
    for _write in range(2):
        with transaction.atomic():
            for name in ("one", "two", "one"):
                probes.note_unless_broken.enqueue(name)

    work()

    assert probes.ROUNDS == [2]
    assert noted() == {"one", "two"}


def test_nothing_is_left_of_a_transaction_that_is_taken_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        probes.note.enqueue("taken back")
        assert DBTaskResult.objects.count() == 1
        raise ZeroDivisionError

    assert not DBTaskResult.objects.exists()


def test_a_savepoint_that_is_taken_back_takes_nothing_else_along():
    with transaction.atomic():
        for name in ("first", "second"):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                probes.note.enqueue("taken back")
                probes.note.enqueue(name)
                raise ZeroDivisionError
            probes.note.enqueue(name)
        with transaction.atomic():
            probes.note.enqueue("third")

    assert DBTaskResult.objects.count() == 1
    work()
    assert noted() == {"first", "second", "third"}


def test_a_part_that_fails_is_tried_again_by_itself_and_the_others_are_done():
    with transaction.atomic():
        probes.note.enqueue("before")
        probes.fail_until_noted.enqueue("put right")
        probes.note.enqueue("after")

    work()

    assert noted() == {"before", "after"}
    waiting = DBTaskResult.objects.get(status="READY")
    assert waiting.task_path.endswith("fail_until_noted")
    assert "ValueError" in waiting.exception_class_path
    assert len(waiting.worker_ids) == 1
    assert waiting.run_after > timezone.now() + timedelta(seconds=5)

    Tag.objects.create(name="put right")
    DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
    work()
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_part_that_fails_every_time_is_set_aside_like_any_other_job():
    with transaction.atomic():
        probes.fail_until_noted.enqueue("never put right")
        probes.note.enqueue("noted")

    for _number in range(queue.MAX_TRIES):
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        work()

    (given_up,) = queue.set_aside()
    assert given_up.args_kwargs["args"] == ["never put right"]
    assert len(given_up.worker_ids) == queue.MAX_TRIES
    assert noted() == {"noted"}


def test_one_broken_part_stops_none_of_a_round_of_many_transactions():
    for name in ("one", "broken", "three"):
        with transaction.atomic():
            probes.note_unless_broken.enqueue(name)
            probes.note.enqueue(f"{name} as well")

    work()

    assert noted() == {"one", "three", "one as well", "broken as well", "three as well"}
    (waiting,) = DBTaskResult.objects.exclude(status="SUCCESSFUL")
    assert waiting.args_kwargs["args"] == ["broken"]


def test_what_a_killed_worker_had_begun_is_taken_up_again():
    for name in ("one", "two"):
        with transaction.atomic():
            probes.note.enqueue(name)
            probes.note.enqueue(f"{name} as well")
    job = queue.take_next(LANE)
    assert len(queue.take_alike(job, LANE, 9)) == 1
    work("machine-2-all-def")
    assert not noted()

    queue.take_up_left_jobs(timezone.now() + 2 * WorkerLane.LEASE)
    work("machine-2-all-def")

    assert noted() == {"one", "one as well", "two", "two as well"}


def test_what_is_urgent_or_for_later_never_waits_with_others():
    with transaction.atomic():
        probes.note.enqueue("ordinary")
        probes.note_at_once.enqueue("code")
        probes.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")

    assert DBTaskResult.objects.count() == 3
    urgent = queue.take_next(LANE, urgent_only=True)
    assert urgent.args_kwargs["args"] == ["code"]
    work()
    assert noted() == {"ordinary"}


def test_a_large_transaction_leaves_several_jobs_that_do_all_of_it():
    names = {f"number {number}" for number in range(2 * backend.MOST_IN_A_ROW + 1)}
    with transaction.atomic():
        for name in sorted(names):
            probes.note.enqueue(name)

    assert DBTaskResult.objects.count() == 3
    work()
    assert noted() == names
