"""Programs that are started, killed, frozen, and started again as systemd does."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
# As in deploy/systemd.
RESTART_SECONDS = 2


def children_of(pid: int) -> list[int]:
    """The processes that `pid` has started, and those that they have."""
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    found = [int(each) for each in direct]
    return found + [grandchild for child in found for grandchild in children_of(child)]


def with_words(words: str) -> Iterator[int]:
    """The processes whose command has `words` in it."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if words in command:
                    yield int(folder.name)


def send(signal_number: int, *pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)


def wait_for_end(pids: Iterable[int]) -> None:
    """A killed process is there for a moment longer."""
    for pid in pids:
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)


class Program:
    """A program in a session of its own. Started again when it ends, unless it was stopped."""

    def __init__(self, command: list[str], *, env: dict[str, str], log: Path):
        self.command, self.env, self.log = command, env, log
        self.process: subprocess.Popen | None = None
        self.wanted = False
        self.starts = 0

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        if not self.wanted:
            self.wanted = True
            self._spawn()
            threading.Thread(target=self._supervise, daemon=True).start()

    def _spawn(self) -> None:
        self.starts += 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _supervise(self) -> None:
        """What `Restart=always` does."""
        while self.wanted:
            assert self.process is not None
            self.process.wait()
            if self.wanted:
                time.sleep(RESTART_SECONDS)
            if self.wanted:
                self._spawn()

    def stop(self, seconds: float = 60) -> None:
        """Ask it to end, and wait until it has."""
        if self.process is None:
            return
        self.wanted = False
        send(signal.SIGTERM, self.pid)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.cut()

    def cut(self) -> None:
        """End all of it at once and leave it ended, as a power cut does."""
        self.wanted = False
        self.kill()

    def kill(self) -> None:
        """SIGKILL all of it; the supervisor starts it again."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()
