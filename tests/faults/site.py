"""The whole site: the portal's processes in front of and behind the services."""

import base64
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from . import services
from .processes import Program

ROOT = services.ROOT
START_SECONDS = 240
# Kept from one run to the next, since making it takes a minute.
STATIC = ROOT / ".services" / "faults-static" / "staticfiles.json"


def wait_for(condition: Callable[[], Any], *, seconds: float, pause: float = 0.5) -> float | None:
    """How many seconds it took until `condition` held, or None when it did not within `seconds`."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            if condition():
                return time.monotonic() - start
        except Exception:  # noqa: S110  # what is broken does not answer
            pass
        time.sleep(pause)
    return None


def _newest(files: Iterable[Path]) -> float:
    return max((file.stat().st_mtime for file in files), default=0)


class Site:
    """Everything that runs: a PostgreSQL unless one is given, Elasticsearch where it `searches`."""

    def __init__(self, folder: Path, *, database_url: str = "", searches: bool = True):
        self.folder = folder
        self.media = folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self.has_postgres, self.searches = not database_url, searches
        self.postgres = services.Postgres(folder)
        self.elasticsearch = services.Elasticsearch(folder)
        self.mail = services.Mail()
        self.port, self.web_port, cache_port = (services.free_port() for _each in range(3))
        self.url = f"https://localhost:{self.port}"
        if self.has_postgres:
            self.postgres.start()
        self.env = self.environment(database_url or self.postgres.url, cache_port)
        self.cache = services.cache(folder, self.env)
        self.proxy = services.proxy(
            folder, port=self.port, web_port=self.web_port, media=self.media
        )
        self.web = services.unit("portal-web", folder, self.env)
        self.worker = services.unit("portal-worker@", folder, self.env)
        self.background = self.worker.env
        # The timer of the containers, since there is no systemd here.
        timer = [str(ROOT / "script" / "timer")]
        self.timer = Program(timer, env=self.background, log=folder / "portal-timer.log")

    def environment(self, database_url: str, cache_port: int) -> dict[str, str]:
        """The settings of the guide, apart from where things are on this machine."""
        database = urlsplit(database_url)
        return (
            os.environ
            | services.example_settings()
            | {
                "SECRET_KEY_FILE": str(self.folder / "secret_key"),
                "DATABASE_URL": database_url,
                "DATABASE_HOST": database.hostname or "",
                "DATABASE_PORT": str(database.port),
                "DATABASE_NAME": database.path.strip("/"),
                "ELASTICSEARCH_URL": self.elasticsearch.url if self.searches else "",
                "ELASTICSEARCH_INDEX_PREFIX": "faults",
                "CACHE_URL": f"rediscache://127.0.0.1:{cache_port}/0",
                "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
                "BASE_URL": self.url,
                "ALLOWED_HOSTS": "localhost",
                "PORTAL_VAR_DIR": str(self.folder),
                "MEDIA_ROOT": str(self.media),
                "STATIC_ROOT": str(STATIC.parent),
                "MEDIA_ACCEL_PREFIX": "/",
                "BACKUP_TO": str(self.folder / "backups"),
                "BACKUP_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
                "WEB_PORT": str(self.web_port),
            }
        )

    def manage(self, *arguments: str, env: dict[str, str] | None = None, **options):
        """Run a command of the portal to its end."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.background | {"DATABASE_POOL_SIZE": "0"} | (env or {}),
            capture_output=True,
            text=True,
            **options,
        )

    # --- Starting and ending ----------------------------------------------------------------------

    def prepare(self) -> None:
        """An empty database becomes a portal, as `docs/operation.md` says."""
        if not STATIC.exists() or _newest(ROOT.glob("*/static/**/*")) > _newest([STATIC]):
            self.run("collectstatic", "--noinput", "--verbosity", "0")
        if self.searches:
            self.elasticsearch.start()
        if self.has_postgres:
            release = [str(ROOT / "script" / "release")]
            subprocess.run(release, env=self.env, check=True, stdout=subprocess.DEVNULL)
        else:
            self.run("setup_portal", "--verbosity", "0")

    def run(self, *arguments: str) -> None:
        done = self.manage(*arguments)
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(arguments)}:\n{done.stderr}")

    def start(self) -> None:
        """Start everything that does not run, and wait until it answers."""
        if self.has_postgres:
            self.postgres.start()
        if self.searches and not self.elasticsearch.pids:
            self.elasticsearch.start()
        self.mail.start()
        for program in (self.cache, self.proxy, self.web, self.worker, self.timer):
            program.start()
        if wait_for(self.is_ready, seconds=START_SECONDS) is None:
            raise SystemExit(f"The site did not start; see {self.folder}.")

    def stop(self) -> None:
        for program in (self.timer, self.worker, self.web, self.proxy, self.cache):
            program.stop()
        self.mail.stop()
        if self.searches:
            self.elasticsearch.stop()
        if self.has_postgres:
            self.postgres.stop()

    def cut(self) -> None:
        """End everything at once, without a word."""
        for program in (self.proxy, self.web, self.worker, self.timer, self.cache):
            program.cut()
        self.postgres.cut()
        self.elasticsearch.cut()
        self.mail.cut()

    # --- What is seen from outside ----------------------------------------------------------------

    @property
    def certificate(self) -> str:
        return str(services.certificate(self.folder))

    def get(self, path: str, timeout: float = 30) -> requests.Response:
        return requests.get(
            self.url + path, timeout=timeout, verify=self.certificate, allow_redirects=False
        )

    def is_ready(self) -> bool:
        return self.get("/halsa/redo").status_code == 200

    def health(self) -> dict[str, Any]:
        """What `/halsa/redo` says, or `{}` where nobody answers."""
        try:
            return self.get("/halsa/redo").json()
        except (requests.RequestException, ValueError):
            return {}

    def is_well(self) -> bool:
        return bool(self.health().get("well"))
