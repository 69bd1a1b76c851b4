"""An Elasticsearch that can be told to misbehave: a proxy on this machine in front of the real one.

    with Misbehaving(url) as elasticsearch:
        elasticsearch.be("slow")
        …
        elasticsearch.be("well")

Every request is passed on as it is and noted in `asked`, until it is told otherwise.
"""

import json
import socket
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import urlsplit

JSON = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}
# What a cluster answers whose shards are all gone, and one that somebody has made read-only.
RED = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}}
READ_ONLY = {
    "error": {
        "type": "cluster_block_exception",
        "reason": "blocked by: [FORBIDDEN/6/cluster read-only (api)];",
    }
}


class Misbehaving:
    """`be` says how it behaves from now on; `asked` are the (method, path, body) of requests."""

    def __init__(self, url):
        self.real = urlsplit(url)
        self.manner = "well"
        self.asked = []
        self.connections = set()
        self.repaired = Event()
        self.port = 0
        self.server = None

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_error):
        self.repaired.set()
        self.hang_up()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def searches(self):
        """How many searches have reached it."""
        return len(self.asked_for("_search"))

    def asked_for(self, what):
        """The bodies of the requests for `what`, such as "_bulk"."""
        return [body for _method, path, body in self.asked if path.split("?")[0].endswith(what)]

    def be(self, manner):
        """For example, "well" or "refusing", or the name of one of the handler's manners."""
        self.repaired.set()
        self.manner = manner
        if manner == "refusing":
            self.hang_up()
        else:
            self.repaired = Event()
            if self.server is None:
                self.listen()

    def listen(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.server.proxy = self
        self.port = self.server.server_port
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def hang_up(self):
        """Nobody listens any more, and open connections are closed."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class Handler(BaseHTTPRequestHandler):
    """One connection. Each manner is a method that answers a request in its own way."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.proxy.connections.add(self.connection)

    def finish(self):
        self.server.proxy.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_args):
        """Tests are quiet."""

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            # The client has gone, as it should when it is kept waiting.
            self.close_connection = True

    def respond(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        proxy.asked.append((self.command, self.path, self.body))
        getattr(self, proxy.manner.replace(" ", "_"))()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = respond

    # --- Manners ---

    def well(self):
        self.send(*self.real_answer())

    def slow(self):
        """No answer until it behaves well again."""
        self.server.proxy.repaired.wait(60)
        self.close_connection = True

    def gone(self):
        """Takes the question, and hangs up."""
        self.close_connection = True

    def red(self):
        if self.path.startswith("/_cluster/health"):
            self.send(200, JSON, json.dumps({"status": "red"}).encode())
        elif self.command == "HEAD":
            self.well()
        else:
            self.send(503, JSON, json.dumps(RED | {"status": 503}).encode())

    def partly_red(self):
        """Answers, but some of what it should have looked through was not there."""
        status, headers, body = self.real_answer()
        answer = json.loads(body) if body else None
        if isinstance(answer, dict) and "_shards" in answer:
            answer["_shards"] |= {"failed": 1}
            body = json.dumps(answer).encode()
        self.send(status, headers, body)

    def read_only(self):
        reads = ("_search", "_count", "_refresh", "health", "_pit")
        if self.command in ("GET", "HEAD") or self.path.split("?")[0].endswith(reads):
            self.well()
        else:
            self.send(403, JSON, json.dumps(READ_ONLY | {"status": 403}).encode())

    def cut_off(self):
        """The connection breaks in the middle of an answer."""
        status, headers, body = self.real_answer()
        self.send(status, headers, body, sent=len(body) // 2)
        self.close_connection = True

    def cut_short(self):
        """The half of an answer, as if it were whole."""
        status, headers, body = self.real_answer()
        self.send(status, headers, body[: len(body) // 2])

    def empty(self):
        """An answer that says nothing."""
        self.send(200, JSON, b"{}")

    def somebody_else(self):
        """Whatever answers there, it is no Elasticsearch."""
        self.send(200, {"Content-Type": "text/html"}, b"<h1>It works!</h1>")

    # --- What they are made of ---

    def real_answer(self):
        """(status, headers, body) from the real one."""
        real = self.server.proxy.real
        connection = HTTPConnection(real.hostname, real.port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        connection.request(self.command, self.path, self.body, headers | {"Connection": "close"})
        answer = connection.getresponse()
        body = answer.read()
        kept = {name: answer.headers[name] for name in JSON if name in answer.headers}
        connection.close()
        return answer.status, kept, body

    def send(self, status, headers, body, sent=None):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:sent])
