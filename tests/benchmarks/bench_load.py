"""50 teachers search at the same time for a minute, as production serves them.

script/benchmark load
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from . import bench_search, report, stage
from .server import LOG, WORKERS, served

USERS, SECONDS = 50, 60
USERS_FILE = Path(__file__).parent / "load_users.py"


def main():
    stage.set_up()
    from search.index.sync import build_missing

    build_missing()
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(
            {"pages": bench_search.addresses(), "typed": bench_search.typed()},
            file,
        )
        file.flush()
        with served(opening="/sok/") as port:
            stats = run_locust(port, file.name)
    rows = [row(each) for each in sorted(stats, key=lambda each: each["name"])]
    requests = sum(each["num_requests"] for each in stats)
    errors = sum(each["num_failures"] for each in stats)
    report.publish(
        "Load",
        f"{USERS} users for {SECONDS} seconds, each asking again 1–3 seconds after an answer: "
        f"{requests:,} requests, {requests / SECONDS:.0f} a second, {errors} errors. "
        f"granian with {WORKERS} processes on loopback, {stage.LISTINGS:,} listings.\n\n"
        + report.table(["request", "number", "errors", "median", "p95", "p99"], rows),
        summary=[
            f"{USERS} users searching for a minute: {requests:,} requests, {errors} errors; "
            + "; ".join(f"{each[0]}: median {each[3]}, p95 {each[4]}" for each in rows)
            + "."
        ],
    )
    if errors:
        sys.exit(f"{errors} errors, see {LOG}.")


def run_locust(port, asked):
    """Locust's statistics per kind of request."""
    outcome = subprocess.run(
        [
            *(sys.executable, "-m", "locust", "-f", str(USERS_FILE), "--headless", "--json"),
            *("-u", str(USERS), "-r", str(USERS / 2), "-t", f"{SECONDS}s", "--only-summary"),
            *("--host", f"http://127.0.0.1:{port}", "--exit-code-on-error", "0"),
        ],
        env=os.environ | {"BENCHMARK_ASKED": asked},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(outcome.stdout)


def row(stats):
    times = Counter({float(ms): count for ms, count in stats["response_times"].items()})
    return [
        stats["name"],
        str(stats["num_requests"]),
        str(stats["num_failures"]),
        *(f"{percentile(times, part):.0f} ms" for part in (0.5, 0.95, 0.99)),
    ]


def percentile(times, part):
    """The time in ms that `part` of the requests took at most; `times` is {ms: number}."""
    left = part * times.total()
    for ms in sorted(times):
        left -= times[ms]
        if left <= 0:
            return ms
    return max(times, default=0)


if __name__ == "__main__":
    main()
