"""Keeps Elasticsearch up to date with the table: changes, new indices, and what got lost."""

import logging
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task
from elastic_transport import TransportError
from elasticsearch import Elasticsearch, helpers

from portal.foundation.jobs.rows import report
from search.engines.circuit_breaker import (
    caught_up,
    is_open,
    is_stale,
    lacks_many,
    may_be_asked,
    reset,
    trip,
)
from search.engines.connection import UNSURE, alias, aliases, client, is_configured, language_of
from search.index.mapping import LANGUAGES, create_index, document, finish_index
from search.index.models import SearchEntry

logger = logging.getLogger(__name__)

BATCH = 500
# How a cluster says that it takes no changes, while it may well be searched: read-only, or full.
NOT_TAKEN = (403, 429)
PATIENCE_SECONDS = 30
# For what takes time: making an index, and looking through a whole one.
LONG_TIMEOUT_SECONDS = 60
# What disappeared is remembered for as long as a rebuild could take.
TOMBSTONES_KEPT = timedelta(days=1)
REBUILDING = "search:rebuilding"
REBUILDING_SECONDS = 2 * 60 * 60
REPAIR = "search:repair"
REPAIR_SECONDS = 20


class RebuildRunning(Exception):
    """Another process is building new indices."""


# --- Changes ----------------------------------------------------------------------------------


def send_changes() -> tuple[int, int]:
    """Send what Elasticsearch has not got yet, in order; returns (sent, waiting).

    Nothing is lost when it does not answer: the rows stay behind and are sent the next time.
    """
    if not is_configured():
        return 0, 0
    sent = 0
    try:
        if SearchEntry.objects.pending_index().exists() and may_be_asked():
            for count in _send_batches():
                sent += count
    except RebuildRunning:
        logger.info("Changes wait until the new indices are there.")
    except UNSURE as error:
        logger.warning("Elasticsearch takes no changes now, they wait: %s", error)
        if getattr(error, "status_code", None) not in NOT_TAKEN and not isinstance(error, NotTaken):
            trip()
    return sent, SearchEntry.objects.pending_index().count()


def _send_batches() -> Iterator[int]:
    """Send all that waits; yields the size of each batch when Elasticsearch has confirmed it."""
    build_missing()
    while count := _send_batch():
        yield count
    reset()
    caught_up()


class NotTaken(TransportError):
    """Elasticsearch answers, but takes no changes: it is read-only, or full."""


@transaction.atomic
def _send_batch() -> int:
    # Locked until Elasticsearch has confirmed them, so that no other sender, and no rebuild,
    # decides on the same rows meanwhile.
    batch = list(SearchEntry.objects.pending_index().select_for_update(skip_locked=True)[:BATCH])
    if not batch:
        return 0
    sent, actions = _actions_of(batch)
    outcome = helpers.streaming_bulk(client(PATIENCE_SECONDS), actions, raise_on_error=False)
    for entry, (ok, answer) in zip(sent, outcome, strict=True):
        _judge(entry, ok, next(iter(answer.values())))
    client(PATIENCE_SECONDS).indices.refresh(index=aliases())
    SearchEntry.objects.filter(pk__in=[entry.pk for entry in batch]).update(
        indexed_version=F("version")
    )
    return len(batch)


def _actions_of(batch: list[SearchEntry]) -> tuple[list[SearchEntry], list[dict]]:
    """(entries, what is sent of each). One that cannot be written down is reported, and left out
    until it changes, so that it does not hold up the others."""
    sent, actions = [], []
    for entry in batch:
        try:
            actions.append(_action(entry, alias(language_of(entry)), require_alias=True))
            sent.append(entry)
        except Exception as error:
            report(f"index {entry.document_id}", error)
    return sent, actions


def _judge(entry: SearchEntry, ok: bool, answer: dict) -> None:
    """Raises `NotTaken` unless there is nothing more to do for `entry`."""
    if ok or answer["status"] == 409 or (entry.removed and answer["status"] == 404):
        # A newer version is already there, or what was to be removed is gone: as good as done.
        return
    if answer["status"] == 400:
        logger.error("Elasticsearch cannot index %s: %s", entry.document_id, answer)
        return
    raise NotTaken(f"not indexed: {answer}")


def _action(entry: SearchEntry, index: str, **more: Any) -> dict[str, Any]:
    action = {
        "_index": index,
        "_id": entry.document_id,
        # An older change that arrives late never overwrites a newer one.
        "version": entry.version,
        "version_type": "external_gte",
        **more,
    }
    if entry.removed:
        return action | {"_op_type": "delete"}
    return action | {"_op_type": "index", "_source": document(entry)}


def build_missing() -> None:
    """Rebuild all indices when one is missing; some of them is worse than none."""
    if not all(client(PATIENCE_SECONDS).indices.exists_alias(name=name) for name in aliases()):
        rebuild()


# --- New indices -------------------------------------------------------------------------------


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Build new indices from the table, and swap the aliases without a gap; returns the count.

    Searches and changes go on with the old ones until then. What changed after it had been copied
    is sent after the swap. `progress` is called with how many of how many are done.
    """
    if not cache.add(REBUILDING, True, REBUILDING_SECONDS):
        raise RebuildRunning
    slow_client = client(LONG_TIMEOUT_SECONDS)
    new = {}
    try:
        _remove_unfinished(slow_client)
        for language in LANGUAGES:
            new[language] = create_index(slow_client, alias(language))
        copied = _copy(slow_client, new, progress)
        for index in new.values():
            finish_index(slow_client, index)
        _swap(slow_client, new)
    except BaseException:
        for index in new.values():
            with suppress(*UNSURE):
                slow_client.indices.delete(index=index)
        raise
    finally:
        cache.delete(REBUILDING)
    copied.mark()
    reset()
    send_changes()
    return len(copied)


class Copied:
    """Which version of each entry is in the new indices: a few bytes for each."""

    def __init__(self) -> None:
        self.pks, self.versions = array("q"), array("q")

    def __len__(self) -> int:
        return len(self.pks)

    def add(self, entries: Iterable[SearchEntry]) -> None:
        """Entries must come in the order of their keys."""
        self.pks.extend(entry.pk for entry in entries)
        self.versions.extend(entry.version for entry in entries)

    def version(self, pk: int) -> int:
        place = bisect_left(self.pks, pk)
        return self.versions[place] if self.pks[place : place + 1] == array("q", [pk]) else 0

    def mark(self) -> None:
        """Write down in the table what Elasticsearch has now; the rest is behind."""
        rows = SearchEntry.objects.order_by("pk").values_list("pk", "indexed_version")
        by_version: dict[int, list[int]] = {}
        for pk, indexed in rows.iterator(chunk_size=2000):
            if indexed != (version := self.version(pk)):
                by_version.setdefault(version, []).append(pk)
        for version, pks in by_version.items():
            for start in range(0, len(pks), 2000):
                # Waits for senders, who may be confirming what the old index got.
                SearchEntry.objects.filter(pk__in=pks[start : start + 2000]).update(
                    indexed_version=version
                )


def _copy(
    slow_client: Elasticsearch, new: dict[str, str], progress: Callable[[int, int], None] | None
) -> Copied:
    copied = Copied()
    total = SearchEntry.objects.filter(removed=False).count()
    last = 0
    while batch := list(
        SearchEntry.objects.filter(removed=False, pk__gt=last).order_by("pk")[:BATCH]
    ):
        actions = (_action(entry, new[language_of(entry)]) for entry in batch)
        for _ok, _answer in helpers.streaming_bulk(slow_client, actions, chunk_size=BATCH):
            pass
        copied.add(batch)
        last = batch[-1].pk
        if progress:
            progress(len(copied), total)
    return copied


def _swap(slow_client: Elasticsearch, new: dict[str, str]) -> None:
    actions = []
    for language, index in new.items():
        name = alias(language)
        if slow_client.indices.exists_alias(name=name):
            old = list(slow_client.indices.get_alias(name=name))
        else:
            # An index that somebody made by that name is in the way.
            old = [name] if slow_client.indices.exists(index=name) else []
        actions += [{"remove_index": {"index": each}} for each in old]
        actions.append({"add": {"index": index, "alias": name}})
    slow_client.indices.update_aliases(actions=actions)


def _remove_unfinished(slow_client: Elasticsearch) -> None:
    """Remove what a rebuild that was broken off a day ago or more has left."""
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y%m%d%H%M%S%f}"
    for name in aliases():
        found = slow_client.indices.get(index=f"{name}-2*", ignore_unavailable=True)
        for index, about in found.items():
            if not about.get("aliases") and index.removeprefix(f"{name}-") < yesterday:
                slow_client.indices.delete(index=index)


# --- What got lost -----------------------------------------------------------------------------


def reconcile() -> dict[str, int]:
    """Compare index and table and repair what differs; returns {"missing", "stale", "extra"}.

    What is only waiting to be sent is sent first, and counts as none of these. Raises one of
    `UNSURE` when it could not all be done, as while Elasticsearch is read-only; what was found
    missing or stale waits then, as other changes do.
    """
    slow_client = client(LONG_TIMEOUT_SECONDS)
    deque(_send_batches(), maxlen=0)
    slow_client.indices.refresh(index=aliases())
    known = {}
    for name in aliases():
        asked = {"_source": False, "version": True}
        for hit in helpers.scan(slow_client, index=name, query=asked, size=2000):
            known[hit["_id"]] = hit["_version"]
    missing: list[SearchEntry] = []
    stale: list[SearchEntry] = []
    entries = SearchEntry.objects.filter(removed=False).only(
        "type", "object_id", "language", "version"
    )
    for entry in entries.iterator(chunk_size=2000):
        indexed = known.pop(entry.document_id, None)
        if indexed != entry.version:
            (missing if indexed is None else stale).append(entry)
            # Later than whatever the index has or remembers.
            entry.version = max(entry.version, indexed or 0) + 1
    for entry in (*missing, *stale):
        SearchEntry.objects.filter(pk=entry.pk, version__lt=entry.version).update(
            version=entry.version
        )
    extra = [
        {"_op_type": "delete", "_index": alias(_language_in(document_id)), "_id": document_id}
        for document_id in known
    ]
    for ok, answer in helpers.streaming_bulk(slow_client, extra, raise_on_error=False):
        if not ok and answer["delete"]["status"] != 404:
            raise NotTaken(f"not removed: {answer}")
    deque(_send_batches(), maxlen=0)
    slow_client.indices.refresh(index=aliases())
    return {"missing": len(missing), "stale": len(stale), "extra": len(extra)}


def _language_in(document_id: str) -> str:
    language = document_id.rpartition("-")[2]
    return language if language in LANGUAGES else LANGUAGES[0]


def sync_pending() -> str:
    """Send what waits, and repair the indices when they hold more or less than they should."""
    if not is_configured():
        return "not configured"
    sent, waiting = send_changes()
    if waiting:
        return f"{sent} sent, {waiting} waiting"
    _forget_removed()
    return f"{sent} sent, {compare()}"


def compare() -> str:
    """Put back what the indices have lost; returns what was found, for the log."""
    try:
        build_missing()
        held = client(PATIENCE_SECONDS).count(index=aliases())["count"]
        if held == SearchEntry.objects.filter(removed=False).count():
            return "complete"
        return "repaired: {missing} missing, {stale} stale, {extra} superfluous".format(
            **reconcile()
        )
    except (*UNSURE, RebuildRunning) as error:
        return f"not compared: {error}"


def repair_soon() -> None:
    """Have the worker put back what a search has found missing.

    Changes do not do that meanwhile: while searches fail, the breaker keeps them away too.
    """
    if cache.add(REPAIR, True, REPAIR_SECONDS):
        repair.enqueue()


@task()
def repair() -> None:
    """`compare`, in the background."""
    logger.info("Search indices: %s", compare())


def _forget_removed() -> None:
    long_ago = timezone.now() - TOMBSTONES_KEPT
    gone = SearchEntry.objects.filter(removed=True, indexed_version=F("version"))
    gone.filter(changed_at__lt=long_ago).delete()


# --- How it is ---------------------------------------------------------------------------------


def state() -> str:
    """How Elasticsearch is, in a few words: "ok", or why the database answers."""
    if not is_configured():
        return "not configured"
    # All four requests take no longer than one search may.
    quick_client = client().options(request_timeout=settings.ELASTICSEARCH_TIMEOUT_SECONDS / 4)
    try:
        if not all(quick_client.indices.exists_alias(name=name) for name in aliases()):
            return "index missing, the database answers"
        status = quick_client.cluster.health(index=aliases())["status"]
        if status not in ("green", "yellow"):
            return f"{status}, the database answers"
        held = quick_client.count(index=aliases())["count"]
    except (*UNSURE, LookupError, TypeError):
        # Also an answer that makes no sense is none.
        return "unavailable, the database answers"
    if lacks_many(held):
        return "documents missing, the database answers"
    if is_stale():
        return "changes have waited too long, the database answers"
    if is_open():
        return "failed just now, the database answers for a while"
    return "ok"
