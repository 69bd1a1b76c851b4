"""What Prometheus reads at `/halsa/matt`: requests by route, and how the portal is."""

import os
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from portal.foundation.jobs.models import PeriodicStep, WorkerLane
from portal.site import state
from search.engines import circuit_breaker
from search.index.models import SearchEntry


class PortalCollector:
    """Looks at the database when it is asked, so that every process answers the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from jobs()
        yield from mail()
        yield from search()
        yield from pool()
        yield from checks()


def seconds_since(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0


def jobs() -> Iterator[GaugeMetricFamily]:
    by_status = GaugeMetricFamily("portal_jobs", "Jobs by state.", labels=["status", "queue"])
    rows = DBTaskResult.objects.order_by().values_list("status", "queue_name")
    for status, queue, count in rows.annotate(Count("pk")):
        by_status.add_metric([status.lower(), queue], count)
    yield by_status
    age = seconds_since(state.waiting_since())
    yield GaugeMetricFamily("portal_oldest_job_seconds", "Age of the oldest due job.", age)
    alive = WorkerLane.objects.alive().count()
    yield GaugeMetricFamily("portal_worker_lanes", "Worker lanes that are alive.", alive)
    latest = PeriodicStep.objects.aggregate(latest=Max("ran_at"))["latest"]
    text = "Time since the regular steps last ran."
    yield GaugeMetricFamily("portal_periodic_seconds", text, seconds_since(latest))


def mail() -> Iterator[GaugeMetricFamily]:
    names = {number: name for name, number in STATUS._asdict().items()}
    by_status = GaugeMetricFamily("portal_mail", "Mail by state.", labels=["status"])
    for status, count in Email.objects.order_by().values_list("status").annotate(Count("pk")):
        by_status.add_metric([names.get(status, str(status))], count)
    yield by_status


def search() -> Iterator[GaugeMetricFamily]:
    behind = SearchEntry.objects.pending_index().count() if settings.ELASTICSEARCH_URL else 0
    yield GaugeMetricFamily("portal_search_waiting", "Changes not yet indexed.", behind)
    text = "Whether Elasticsearch is left alone after a failure."
    yield GaugeMetricFamily("portal_search_breaker_open", text, int(circuit_breaker.is_open()))


def pool() -> Iterator[GaugeMetricFamily]:
    found = getattr(connection, "pool", None)
    if found is None:
        return
    stats = found.get_stats()
    for key in ("pool_size", "pool_available", "requests_waiting", "requests_errors"):
        name, text = f"portal_database_{key}", f"{key} of the pool of the process that answered."
        yield GaugeMetricFamily(name, text, stats.get(key, 0))


def checks() -> Iterator[GaugeMetricFamily]:
    """1 for what is well and 0 for what is not: the same checks as the health address."""
    found = GaugeMetricFamily("portal_check", "Whether a check is well.", labels=["check"])
    for finding in state.findings():
        found.add_metric([finding.check.key], int(finding.is_ok))
    yield found


def registry() -> CollectorRegistry:
    """What this process counted, or all processes when they share a folder, and the state."""
    found = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(found)
    else:
        found.register(REGISTRY)
    found.register(PortalCollector())
    return found


@never_cache
def metrics(request):
    """Serve metrics to holders of `METRICS_TOKEN` (`Authorization: Bearer …`); 404 for others."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        raise Http404
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)
