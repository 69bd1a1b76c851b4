"""50 teachers search at the same time for a minute, as production serves them.

script/benchmark load
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

from . import bench_search, report, stage

USERS, SECONDS, WORKERS = 50, 60, 2
SERVER_LOG = Path(os.environ.get("PORTAL_VAR_DIR", "var")) / "server.log"
USERS_FILE = Path(__file__).parent / "load_users.py"


def main():
    stage.set_up()
    from search.index.sync import build_missing

    build_missing()
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(
            {"pages": bench_search.addresses(), "typed": bench_search.typed()},
            file,
        )
        file.flush()
        server = start_server(port)
        try:
            stats = run_locust(port, file.name)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
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
        sys.exit(f"{errors} errors, see {SERVER_LOG}.")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def start_server(port):
    command = ["granian", "--interface", "wsgi", "--workers", str(WORKERS), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-log", "portal.wsgi:application"]
    with SERVER_LOG.open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            # Every process has to begin; these also fill what it keeps.
            for _time in range(4 * WORKERS):
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/sok/")
                connection.getresponse().read()
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise SystemExit("The server did not start.")


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
