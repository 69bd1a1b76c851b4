"""What happens can be seen: in the log, the health address, the metrics and the admin."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email

from portal.foundation import logs, requests
from portal.foundation.jobs.models import PeriodicStep, WorkerLane
from portal.models import User
from portal.site import state
from tests.factories import SuperuserFactory, UserFactory
from tests.portal.jobs import probes

pytestmark = pytest.mark.django_db
ModelBackend = "django.contrib.auth.backends.ModelBackend"


def check(client, key):
    return client.get(reverse("health_ready")).json()["checks"][key]


# --- Logs -----------------------------------------------------------------------------------------


def test_a_request_keeps_the_number_that_the_proxy_gave(client, caplog):
    with caplog.at_level(logging.INFO, "portal.access"):
        answer = client.get("/en/sok/?q=anna@example.org", headers={"X-Request-ID": "abc-12345"})

    assert answer["X-Request-ID"] == "abc-12345"
    (line,) = [each for each in caplog.records if each.name == "portal.access"]
    assert "GET /en/sok/ 200" in line.getMessage()
    assert "anna" not in line.getMessage()


def test_a_number_that_could_be_an_attack_is_replaced(client):
    answer = client.get("/halsa/live", headers={"X-Request-ID": "*/ DROP TABLE; --"})

    assert answer["X-Request-ID"].isalnum()


def test_a_line_of_json_says_who_what_and_how_long():
    record = logging.makeLogRecord(
        {"name": "portal.access", "levelname": "INFO", "msg": "GET", "route": "/sok/", "ms": 12}
    )
    record.request_id = "abc"

    line = json.loads(logs.JsonFormatter().format(record))

    assert line["request"] == "abc"
    assert (line["route"], line["ms"], line["level"]) == ("/sok/", 12, "INFO")
    assert line["time"].endswith("+00:00")


def test_sql_carries_the_number_of_its_request():
    seen = []

    def look(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with requests.comment("abc-12345"), connection.execute_wrapper(look):
        User.objects.filter(email="a%b@example.org").exists()

    assert seen[0].endswith("/* request=abc-12345 */")


# --- Health ---------------------------------------------------------------------------------------


@pytest.fixture
def with_queue(settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}
    }


def test_health_knows_whether_anybody_works(client, with_queue):
    assert check(client, "worker") == "nobody works"

    WorkerLane.objects.create(name="alive")

    assert check(client, "worker") == "ok"


def test_health_knows_a_job_that_waits_for_too_long(client, with_queue):
    probes.note.enqueue("waits")
    assert check(client, "oldest_job") == "ok"

    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=9))

    assert check(client, "oldest_job").startswith("waits since")


def test_health_knows_the_regular_steps(client, with_queue):
    assert check(client, "periodic") == "never run"
    PeriodicStep.objects.create(name="remind")
    assert check(client, "periodic") == "ok"
    PeriodicStep.objects.update(failures=["remind reservation 1: KeyError()"])
    assert check(client, "periodic") == "failing: remind"
    PeriodicStep.objects.update(ran_at=timezone.now() - timedelta(hours=1), failures=[])
    assert check(client, "periodic").startswith("last run")


def test_health_knows_mail_that_waits_or_failed(client):
    email = Email.objects.create(to=["a@b.se"], from_email="c@d.se", status=STATUS.requeued)
    assert check(client, "mail") == "ok"
    Email.objects.update(created=timezone.now() - timedelta(hours=1))
    assert check(client, "mail") == "1 waiting"
    Email.objects.filter(pk=email.pk).update(status=STATUS.failed)
    assert check(client, "mail") == "1 failed"


def test_new_code_is_not_ready_before_its_schema(client, monkeypatch):
    assert check(client, "migrations") == "ok"
    state._schema_is_complete.cache_clear()
    monkeypatch.setattr(
        "portal.site.state.MigrationExecutor.migration_plan", lambda *args, **kwargs: [1, 2]
    )

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "2 missing"


def test_the_disk_is_looked_at_before_any_file_has_been_read(settings):
    settings.STORAGES = dict(settings.STORAGES)
    assert state.disk() != state.NOT_CONFIGURED

    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    assert state.disk() == state.NOT_CONFIGURED


def test_a_storage_that_takes_no_files_is_told_and_closes_nothing(client, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = str(tmp_path / "file")

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 200
    assert answer.json()["checks"]["storage"] == "unavailable"
    assert answer.json()["well"] is False


# --- Metrics --------------------------------------------------------------------------------------


def test_metrics_are_there_for_whoever_knows_the_token_only(client, settings, with_queue):
    probes.note.enqueue("waits")
    assert client.get("/halsa/matt").status_code == 404
    settings.METRICS_TOKEN = "t0ken"
    assert client.get("/halsa/matt").status_code == 404
    assert client.get("/halsa/matt", headers={"Authorization": "Bearer wrong"}).status_code == 404

    client.get("/en/effekt/")
    answer = client.get("/halsa/matt", headers={"Authorization": "Bearer t0ken"})

    text = answer.content.decode()
    assert 'portal_jobs{queue="default",status="ready"} 1.0' in text
    assert "portal_oldest_job_seconds" in text
    assert "portal_search_breaker_open 0.0" in text
    assert 'portal_check{check="worker"} 0.0' in text
    assert 'view="marketplace:effect"' in text


# --- The admin ------------------------------------------------------------------------------------


@pytest.fixture
def administrator(client):
    client.force_login(SuperuserFactory(), backend=ModelBackend)


def test_the_state_of_the_system_says_what_to_do(client, administrator, with_queue):
    page = client.get(reverse("system_state")).content.decode()

    # In words for people, beside the one that machines are told.
    assert "Behöver ses över" in page
    assert '<code lang="en">nobody works</code>' in page
    assert "manage.py worker" in page


def test_what_failed_can_be_tried_again_from_the_admin(
    client, administrator, with_queue, django_capture_on_commit_callbacks
):
    probes.fail.enqueue("broken")
    jobs = DBTaskResult.objects.filter(task_path__contains="probes")
    jobs.update(status="FAILED", finished_at=timezone.now(), traceback="Boom")
    email = Email.objects.create(to=["a@b.se"], from_email="c@d.se", status=STATUS.failed)
    job = jobs.get()
    assert "Boom" in client.get(reverse("system_state")).content.decode()

    client.post(reverse("system_state"), {"job": [str(job.pk)], "mail": [str(email.pk)]})

    assert DBTaskResult.objects.get(pk=job.pk).status == "READY"
    email.refresh_from_db()
    assert email.status == STATUS.queued


def test_nobody_else_sees_the_state_of_the_system(client):
    client.force_login(UserFactory(is_staff=True), backend=ModelBackend)

    assert client.get(reverse("system_state")).status_code in (302, 403)
