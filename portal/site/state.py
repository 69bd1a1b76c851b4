"""How the portal is: what the health address, the metrics and the admin's page say.

Each check answers in a word for machines ("ok", or what is wrong) and in a sentence for people,
with what to do. Only what no page can do without makes the portal unready.
"""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as remembered
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email

from marketplace.notifications.phones import push, sms
from marketplace.notifications.phones.delivery import waiting_for_text
from portal.foundation.jobs import queue
from portal.foundation.jobs.models import PeriodicStep, WorkerLane
from portal.site import backups
from search.index import sync
from search.index.models import SearchEntry

OK = "ok"
NOT_CONFIGURED = "not configured"
PERIODIC_LATE = timedelta(minutes=15)
JOB_LATE = timedelta(minutes=5)
MAIL_LATE = timedelta(minutes=30)
# A text may wait for the end of a quiet weekend.
SMS_LATE = timedelta(hours=64)
RECENT_FAILURES = timedelta(days=2)
INDEX_LATE = timedelta(minutes=5)
BACKUP_LATE = timedelta(hours=26)
FREE_SHARE = 0.05


@dataclass(frozen=True)
class Check:
    """Something to look at. `look` returns "ok" or what is wrong, `remedy` what to do then."""

    key: str
    name: Callable[[], str]
    look: Callable[[], str]
    remedy: Callable[[], str]
    is_needed: bool = False


@dataclass(frozen=True)
class Finding:
    """What a check has found."""

    check: Check
    answer: str

    @property
    def is_ok(self) -> bool:
        return self.answer in (OK, NOT_CONFIGURED)

    @property
    def is_configured(self) -> bool:
        return self.answer != NOT_CONFIGURED

    @property
    def name(self) -> str:
        return self.check.name()

    @property
    def remedy(self) -> str:
        return self.check.remedy()

    @property
    def is_blocking(self) -> bool:
        """Whether no page can be answered because of it."""
        return self.check.is_needed and not self.is_ok


def look_at(check: Check) -> Finding:
    try:
        return Finding(check, check.look())
    except Exception:
        return Finding(check, "unavailable")


def findings(checks: list[Check] | None = None) -> list[Finding]:
    return [look_at(check) for check in checks or CHECKS]


# --- What no page can do without ------------------------------------------------------------------


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def storage() -> str:
    """Whether files can be written, which a full or read-only disk does not let us."""
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)
    return OK


def shared_cache() -> str:
    answers = getattr(cache, "answers", None)
    if answers is None:
        cache.get("health")
        return OK
    return OK if answers() else "unavailable"


@remembered
def _schema_is_complete() -> bool:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise MissingMigrations(len(missing))
    return True


class MissingMigrations(Exception):
    """The database is older than the code. Not remembered, so that it is looked at again."""


def migrations() -> str:
    try:
        _schema_is_complete()
    except MissingMigrations as error:
        return f"{error} missing"
    return OK


# --- What is done in the background ---------------------------------------------------------------


def uses_queue() -> bool:
    return isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend)


def worker() -> str:
    if not uses_queue():
        return NOT_CONFIGURED
    return OK if WorkerLane.objects.alive().exists() else "nobody works"


def oldest_job() -> str:
    oldest = waiting_since()
    if oldest is None or oldest > timezone.now() - JOB_LATE:
        return OK
    return f"waits since {oldest:%Y-%m-%d %H:%M}"


def waiting_since() -> datetime | None:
    """Since when the job that has waited the longest could have been done."""
    ready = DBTaskResult.objects.ready().order_by("enqueued_at")
    found = ready.values_list("enqueued_at", "run_after").first()
    if found is None:
        return None
    enqueued, run_after = found
    return enqueued if run_after.year == 9999 else max(found)


def failed_jobs() -> str:
    recent = queue.set_aside().filter(finished_at__gt=timezone.now() - RECENT_FAILURES).count()
    return OK if not recent else f"{recent} set aside"


def periodic() -> str:
    """Whether the regular steps run, and each without a failure."""
    latest = PeriodicStep.objects.order_by("-ran_at").first()
    if latest is None:
        return "never run" if uses_queue() else NOT_CONFIGURED
    if latest.ran_at < timezone.now() - PERIODIC_LATE:
        return f"last run {latest.ran_at:%Y-%m-%d %H:%M}"
    broken = PeriodicStep.objects.exclude(failures=[]).values_list("name", flat=True)
    return f"failing: {', '.join(broken)}" if broken else OK


def mail() -> str:
    now = timezone.now()
    waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
    late = waiting.filter(created__lt=now - MAIL_LATE).count()
    failed = Email.objects.filter(
        status=STATUS.failed, last_updated__gt=now - RECENT_FAILURES
    ).count()
    told = [f"{late} waiting"] * bool(late) + [f"{failed} failed"] * bool(failed)
    return ", ".join(told) or OK


def web_push() -> str:
    """Whether notifications can be shown on people's devices."""
    if not push.is_on():
        return NOT_CONFIGURED
    try:
        push.public_key()
    except ValueError:
        return "wrong key"
    return OK


def text_messages() -> str:
    """Whether texts go somewhere, and the gateway has taken those of the last hours."""
    if not sms.is_on():
        return NOT_CONFIGURED
    late = waiting_for_text(timezone.now()).filter(created_at__lt=timezone.now() - SMS_LATE)
    return OK if not late.exists() else f"{late.count()} waiting"


# --- What is kept ---------------------------------------------------------------------------------


def disk() -> str:
    """Whether there is room where files are kept."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        return NOT_CONFIGURED
    folder = Path(storage.location)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    return OK if free > FREE_SHARE else f"{free:.0%} free"


def search_engine() -> str:
    return sync.state()


def index_lag() -> str:
    if not settings.ELASTICSEARCH_URL:
        return NOT_CONFIGURED
    late = (
        SearchEntry.objects.pending_index()
        .filter(changed_at__lt=timezone.now() - INDEX_LATE)
        .count()
    )
    return OK if not late else f"{late} waiting"


def backup() -> str:
    newest = next(iter(backups.listed()), None)
    if newest is None:
        return "none yet" if not settings.DEBUG else NOT_CONFIGURED
    return (
        OK if newest.made_at > timezone.now() - BACKUP_LATE else f"last {newest.made_at:%Y-%m-%d}"
    )


NEEDED = [
    Check(
        "database",
        lambda: _("Database"),
        database,
        lambda: _("Start PostgreSQL; the portal will reconnect by itself."),
        is_needed=True,
    ),
    Check(
        "storage",
        lambda: _("Files"),
        storage,
        lambda: _("Files cannot be written. Make room on the disk, or look at the storage."),
    ),
    Check(
        "cache",
        lambda: _("Cache"),
        shared_cache,
        lambda: _("Start the cache. Until then pages are slower, but everything works."),
    ),
    Check(
        "migrations",
        lambda: _("Database schema"),
        migrations,
        lambda: _("Run script/release before the new processes start."),
        is_needed=True,
    ),
]
OTHERS = [
    Check(
        "elasticsearch",
        lambda: _("Search engine"),
        search_engine,
        lambda: _(
            "The database answers in the meantime. Start Elasticsearch; it is filled automatically."
        ),
    ),
    Check(
        "index_lag",
        lambda: _("Search index"),
        index_lag,
        lambda: _("Run manage.py search_reconcile when the search engine is back."),
    ),
    Check(
        "worker",
        lambda: _("Background worker"),
        worker,
        lambda: _("Start manage.py worker. Waiting jobs are then done; nothing is lost."),
    ),
    Check(
        "oldest_job",
        lambda: _("Waiting jobs"),
        oldest_job,
        lambda: _("Start one more worker, or look below at what fails."),
    ),
    Check(
        "failed_jobs",
        lambda: _("Failed jobs"),
        failed_jobs,
        lambda: _("Read why below, fix it, and choose Try again."),
    ),
    Check(
        "periodic",
        lambda: _("Regular steps"),
        periodic,
        lambda: _(
            "Make sure that manage.py periodic runs every five minutes, and read below what failed."
        ),
    ),
    Check(
        "mail",
        lambda: _("Mail"),
        mail,
        lambda: _("Look at the mail server. Waiting mail is tried again by itself."),
    ),
    Check(
        "web_push",
        lambda: _("Notifications on devices"),
        web_push,
        lambda: _("Make a new WEB_PUSH_PRIVATE_KEY with manage.py make_web_push_key."),
    ),
    Check(
        "sms",
        lambda: _("Text messages"),
        text_messages,
        lambda: _("Look at the gateway and SMS_GATEWAY_…; the log says what it answers."),
    ),
    Check(
        "disk",
        lambda: _("Disk"),
        disk,
        lambda: _("Make room: old backups and logs first."),
    ),
    Check(
        "backup",
        lambda: _("Backup"),
        backup,
        lambda: _("Make sure that manage.py backup runs every night, and read its log."),
    ),
]
CHECKS = [*NEEDED, *OTHERS]
