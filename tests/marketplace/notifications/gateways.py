"""Servers of others, as small as they can be: a push service and an SMS gateway on this machine."""

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@contextmanager
def server():
    """An HTTP server that keeps what is posted to it and answers with its `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.received.append((self.path, dict(self.headers.items()), body))
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            if self.server.status == 302:
                self.send_header("Location", "/elsewhere/")
            self.end_headers()

        def log_message(self, *args):
            pass

    found = HTTPServer(("127.0.0.1", 0), Handler)
    found.received, found.status = [], 201
    found.url = f"http://127.0.0.1:{found.server_port}"
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """The keys that a browser makes when it subscribes, and what it reads of a message."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.secret = b"sixteen bytes !!"

    @property
    def answer(self):
        """What the page posts of it."""
        return {
            "endpoint": self.endpoint,
            "p256dh": encoded(self.public),
            "auth": encoded(self.secret),
        }

    def read(self, body: bytes) -> dict:
        """Decrypt a message as RFC 8291 and RFC 8188 say."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        info = b"WebPush: info\0" + self.public + sender
        material = derived(shared, salt=self.secret, info=info, length=32)
        key = derived(material, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
        nonce = derived(material, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
        return json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x02"))


def derived(material, *, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def form_of(body: bytes) -> dict:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}
