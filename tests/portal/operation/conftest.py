"""What these tests share: a bucket of S3 in this process, and a database of their own."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
import pytest
from django.conf import settings


@pytest.fixture
def database_of_its_own(django_db_setup):
    """The address of a new PostgreSQL database: migrated, and nobody has used it.

    The database of the tests is no such thing: tests with transactions empty it.
    """
    database = settings.DATABASES["default"]
    name = f"{database['NAME']}_own"
    address = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{name}"
    server = {key: database[key.upper()] for key in ("host", "port", "user", "password")}
    migrated = database["TEST"].get("TEMPLATE")
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated or "template1"}"')
        if not migrated:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=settings.BASE_DIR,
                env=os.environ | {"DATABASE_URL": address},
                check=True,
            )
        yield address
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class BucketHandler(BaseHTTPRequestHandler):
    """As much of the protocol as keeping backups needs."""

    objects: dict[str, bytes] = {}

    def answer(self, status, content=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    @property
    def key(self):
        return unquote(urlsplit(self.path).path).partition("/backups/")[2]

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = unchunk(content)
        self.objects[self.key] = content
        self.answer(200, ETag='"x"')

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            prefix = query.get("prefix", [""])[0]
            found = "".join(
                f"<Contents><Key>{key}</Key><Size>{len(content)}</Size></Contents>"
                for key, content in sorted(self.objects.items())
                if key.startswith(prefix)
            )
            self.answer(200, f"<ListBucketResult>{found}</ListBucketResult>".encode())
        else:
            self.answer(200, self.objects[self.key], ETag='"x"')

    def do_HEAD(self):
        if self.key in self.objects:
            self.answer(200, self.objects[self.key], ETag='"x"')
        else:
            self.answer(404)

    def do_DELETE(self):
        self.objects.pop(self.key, None)
        self.answer(204)

    def log_message(self, *args):
        pass


def unchunk(content):
    """The body of an upload in signed chunks."""
    whole = b""
    while content:
        head, _, rest = content.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        whole, content = whole + rest[:size], rest[size + 2 :]
    return whole


@pytest.fixture
def bucket(monkeypatch):
    """The address of a service that keeps objects in memory."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    BucketHandler.objects = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), BucketHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
