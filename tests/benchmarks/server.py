"""The portal served over HTTP as in production."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.services import free_port

WORKERS = 2
LOG = Path(os.environ.get("PORTAL_VAR_DIR", "var")) / "server.log"
START_SECONDS = 120


@contextmanager
def served(*, opening="/"):
    """Serve the portal while the block runs; yields the port. Every process has answered once."""
    port = free_port()
    command = ["granian", "--interface", "wsgi", "--workers", str(WORKERS), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-log", "portal.wsgi:application"]
    with LOG.open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(port, opening)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def wait_for(port, opening):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            # Every process has to begin; these also fill what it keeps.
            for _time in range(4 * WORKERS):
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", opening)
                connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"The server did not start, see {LOG}.")
