"""A hundred people do what people do for five minutes: browse, search, offer, ask, accept, confirm.

    script/benchmark mixed

Half of them read; the others are pairs of a giver and a school. What each page takes is compared
with the same page asked for by somebody alone, and the memory of what serves them is looked at.
BENCHMARK_PEOPLE and BENCHMARK_SECONDS make it smaller, which is only printed.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from tests.faults.processes import children_of

from . import report, stage
from .server import LOG, WORKERS, served

PEOPLE = int(os.environ.get("BENCHMARK_PEOPLE", "100"))
SECONDS = int(os.environ.get("BENCHMARK_SECONDS", "300"))
ALONE_ROUNDS = 20
PAUSE = (4.0, 12.0)
LOOK_EVERY_SECONDS = 30
MOST_TIMES_ALONE = 5
# What is more than this above what it was a minute after the start, or half way, is no longer flat.
FLAT = 1.1
MEGABYTE = 2**20


def main():
    stage.set_up()
    from search.index.sync import build_missing

    from .mixed_people import Pair, Reader, Times

    build_missing()
    forget_limits()
    pairs = PEOPLE // 4
    readers = [Reader(number) for number in range(PEOPLE - 2 * pairs)]
    couples = [Pair(number) for number in range(pairs)]
    by_themselves = [Reader(PEOPLE), Pair(PEOPLE)]
    with served() as port, worker():
        alone = Times()
        for person in by_themselves:
            person.work(port, alone, rounds=ALONE_ROUNDS)
        together = Times()
        memory = keep_at_work([*readers, *couples], port, together)
    publish(alone, together, memory)
    if together.errors or alone.errors:
        sys.exit(f"{len(together.errors) + len(alone.errors)} errors, see {LOG}.")


def forget_limits():
    """Nobody has done anything yet today, as far as limits are concerned."""
    from django.core.cache import caches

    caches["limits"].clear()


@contextmanager
def worker():
    process = subprocess.Popen([sys.executable, "manage.py", "worker"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(90)


def keep_at_work(people, port, times):
    """What was seen of the memory while all of `people` were at work."""
    seen, end = [look_at_memory()], threading.Event()
    threads = [
        threading.Thread(target=each.work, args=(port, times), kwargs={"pause": PAUSE, "end": end})
        for each in people
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    while (left := started + SECONDS - time.monotonic()) > 0:
        time.sleep(min(LOOK_EVERY_SECONDS, left))
        seen.append(look_at_memory())
    end.set()
    for thread in threads:
        thread.join(120)
    return seen


def look_at_memory():
    """{"web" or "worker": bytes in memory} of the processes that we have started."""
    page = os.sysconf("SC_PAGE_SIZE")
    found = {"web": 0, "worker": 0}
    for pid in children_of(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page
        except OSError:
            continue
        found["worker" if b"manage.py" in command else "web"] += resident
    return found


def publish(alone, together, memory):
    errors = [*alone.errors, *together.errors]
    first = {each.name: each.what for each in reversed(errors)}
    print("\n".join(f"{name}: {what}" for name, what in first.items()))
    rows = [row_of(name, alone, together) for name in sorted(together.seconds)]
    number = sum(map(len, together.seconds.values()))
    columns = ["request", "number", "errors", "p95 alone", "median", "p95", "times alone", "holds"]
    memory_columns = ["memory", *clock(memory), "flat"]
    report.publish(
        "Mixed",
        f"{PEOPLE} people for {SECONDS} seconds, all signed in: half of them read, the others "
        f"are pairs of a giver and a school. Each waits {PAUSE[0]:.0f}–{PAUSE[1]:.0f} s after an "
        f"answer. {number:,} requests, {number / SECONDS:.0f} a second, {len(errors)} errors. "
        f"granian with {WORKERS} processes on loopback, one worker, {stage.LISTINGS:,} listings. "
        f"Alone is one person, {ALONE_ROUNDS} times; the limit is {MOST_TIMES_ALONE} times its p95."
        f"\n\n{report.table(columns, rows)}\n\n"
        + report.table(memory_columns, memory_table(memory)),
        summary=[
            f"{PEOPLE} people who browse, search, offer with a photo, ask, accept and confirm for "
            f"{SECONDS // 60} minutes: {number:,} requests, {len(errors)} errors; slowest beside "
            f"the same page alone: {slowest(rows)}."
        ],
        at_any_size=stage.FULL_SIZE and (PEOPLE, SECONDS) == (100, 300),
    )


def row_of(name, alone, together):
    """The row of one kind of request."""
    errors = sum(each.name == name for each in together.errors)
    before, seconds = alone.seconds[name], together.seconds[name]
    if min(len(before), len(seconds)) < 2:
        return [name, f"{len(seconds)}", f"{errors}", *["–"] * 5]
    times = report.late(seconds) / report.late(before)
    measured = (report.late(before), report.middle(seconds), report.late(seconds))
    return [
        name,
        f"{len(seconds)}",
        f"{errors}",
        *map(report.milliseconds, measured),
        f"{times:.1f}",
        report.verdict(not errors and times <= MOST_TIMES_ALONE),
    ]


def slowest(rows):
    """The request that gets the most slower among others, and how much."""
    row = max((row for row in rows if row[6] != "–"), key=lambda row: float(row[6]))
    return f"{row[0]}, {row[6]} times (limit {MOST_TIMES_ALONE})"


def clock(memory):
    """When it was looked at: the start, each half minute, the end."""
    return ["start", *(f"{LOOK_EVERY_SECONDS * each} s" for each in range(1, len(memory)))]


def memory_table(memory):
    """A row for the web processes, and one for the worker."""
    rows = []
    for name in ("web", "worker"):
        sizes = [each[name] for each in memory]
        warm = sizes[min(2, len(sizes) // 2)]
        megabytes = (f"{size / MEGABYTE:.0f} MB" for size in sizes)
        rows.append([name, *megabytes, report.verdict(sizes[-1] <= FLAT * warm)])
    return rows


if __name__ == "__main__":
    main()
