"""What the portal stands on: PostgreSQL, Elasticsearch, a cache, a mail server, a proxy."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from email import message_from_bytes
from email.message import Message
from email.policy import default as policy
from pathlib import Path

from aiosmtpd.controller import Controller

from .processes import ROOT, Program, children_of, send, wait_for_end, with_words


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def example_settings() -> dict[str, str]:
    """What the guide has put into /etc/portal.env, as systemd and the shell read it."""
    example = ROOT / "deploy" / "systemd" / "portal.env.example"
    shell = ["env", "-i", "bash", "-c", f"set -a && . {example} && env -0"]
    done = subprocess.run(shell, capture_output=True, text=True, check=True)
    named = re.findall(r"^(\w+)=", example.read_text(), re.M)
    found = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    return {name: found[name] for name in named}


def unit(name: str, folder: Path, env: dict[str, str]) -> Program:
    """The program of a unit in deploy/systemd, with the settings that the unit adds."""
    text = (ROOT / "deploy" / "systemd" / f"{name}.service").read_text()
    command = re.search(r"^ExecStart=(.*)$", text, re.M)
    added = re.search(r"^Environment=(.*)$", text, re.M)
    assert command
    words = command[1].replace("/opt/portal", str(ROOT)).split()
    settings = dict(word.split("=", 1) for word in added[1].split()) if added else {}
    log = folder / f"{name.strip('@')}.log"
    return Program(words, env=env | settings, log=log)


class Postgres:
    """A PostgreSQL of our own, which writes to the disk before it says that it has."""

    def __init__(self, folder: Path):
        self.home = folder / "postgres"
        self.env = os.environ | {
            "POSTGRES_HOME": str(self.home),
            "POSTGRES_PORT": str(free_port()),
            "POSTGRES_FSYNC": "on",
        }
        self.url = ""

    def start(self) -> None:
        done = subprocess.run(
            ["script/postgres", "start"], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        self.url = done.stdout.strip()

    def copy(self, url: str) -> None:
        """Take over the tables of another database, which is quicker than making them."""
        dump = subprocess.run(["pg_dump", "--no-owner", url], capture_output=True, check=True)
        psql = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", self.url]
        subprocess.run(psql, input=dump.stdout, check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        subprocess.run(
            ["script/postgres", "stop"], cwd=ROOT, env=self.env, capture_output=True, check=True
        )

    def cut(self) -> None:
        """SIGKILL the server and all that it has started."""
        first = int((self.home / "postmaster.pid").read_text().split()[0])
        all_of_it = [first, *children_of(first)]
        send(signal.SIGKILL, *all_of_it)
        wait_for_end(all_of_it)


class Elasticsearch:
    """An Elasticsearch of our own, of the files that `script/elasticsearch` has fetched."""

    def __init__(self, folder: Path):
        self.home = folder / "elasticsearch"
        self.port = free_port()
        # Transport listens 100 above.
        self.env = os.environ | {
            "ELASTICSEARCH_HOME": str(self.home),
            "ELASTICSEARCH_PORT": str(self.port),
            "ELASTICSEARCH_HEAP": "512m",
        }
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._copy()
        done = subprocess.run(
            ["script/elasticsearch", "start"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise SystemExit("Elasticsearch did not start.")

    def _copy(self) -> None:
        fetched = Path("/var/tmp/portal-services/elasticsearch")  # noqa: S108
        if not self.home.exists() and (fetched / "lib").exists():
            ignored = shutil.ignore_patterns("data", "logs", "tmp")
            shutil.copytree(fetched, self.home, ignore=ignored, symlinks=True)

    @property
    def pids(self) -> list[int]:
        return list(with_words(f"{self.home}"))

    def stop(self) -> None:
        send(signal.SIGTERM, *self.pids)
        for _second in range(60):
            if not self.pids:
                return
            time.sleep(1)
        self.cut()

    def cut(self) -> None:
        send(signal.SIGKILL, *self.pids)

    def freeze(self) -> None:
        send(signal.SIGSTOP, *self.pids)

    def thaw(self) -> None:
        send(signal.SIGCONT, *self.pids)


def cache(folder: Path, env: dict[str, str]) -> Program:
    """Valkey, or Redis where Debian has no Valkey."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    assert program, "Install valkey-server, or redis-server."
    port = re.search(r":(\d+)/", env["CACHE_URL"])
    assert port
    command = [program, "--port", port[1], "--bind", "127.0.0.1", "--save", ""]
    return Program(command, env=dict(os.environ), log=folder / "cache.log")


def proxy(folder: Path, *, port: int, web_port: int, media: Path) -> Program:
    """Caddy with the `Caddyfile` of the repository, on another port and with a certificate of its
    own."""
    text = (ROOT / "Caddyfile").read_text()
    text = text.replace("{$SITE_HOST}", f"https://localhost:{port}")
    text = text.replace("web:8000", f"127.0.0.1:{web_port}")
    text = text.replace("/data/portal/media", str(media))
    own = "{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    config = folder / "Caddyfile"
    config.write_text(own + text)
    env = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    return Program(command, env=env, log=folder / "proxy.log")


def certificate(folder: Path) -> Path:
    """What vouches for our proxy."""
    return folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"


class Postman:
    """What a mail server answers, and what it has taken."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.seconds = 0.0
        self.taken: list[Message] = []
        self.refused: set[str] = set()
        # The connections that mail came over.
        self.connections: list[asyncio.Transport] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 No such user"
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        if server.transport not in self.connections:
            self.connections.append(server.transport)
        self.taken.append(message_from_bytes(envelope.content, policy=policy))
        await asyncio.sleep(self.seconds)
        return "250 OK"


class Mail:
    """A mail server that can be away, slow, or refuse."""

    def __init__(self) -> None:
        self.port = free_port()
        self.postman = Postman()
        self.controller: Controller | None = None

    def start(self) -> None:
        if self.controller is None:
            self.controller = Controller(self.postman, hostname="127.0.0.1", port=self.port)
            self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    cut = stop

    def times(self, message_id: str) -> int:
        """How often a mail has been taken."""
        return sum(each["Message-ID"] == message_id for each in self.postman.taken)
