"""A small OpenID Connect provider that runs on this machine, for as long as a test needs it."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET, CODE, TOKEN = "portal", "a secret", "one-time code", "access token"
KEY_ID = "key"


class Provider(BaseHTTPRequestHandler):
    """Discovery, authorisation, token, keys and user info, as OpenID Connect Core has them."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        question = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self.answer(self.server.configuration())
        elif url.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self.answer({"keys": [key | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]})
        elif url.path == "/authorize":
            assert question["client_id"] == CLIENT_ID
            assert question["code_challenge_method"] == "S256"
            self.server.nonce = question.get("nonce")
            back = urlencode({"code": CODE, "state": question["state"]})
            self.send_response(302)
            self.send_header("Location", f"{question['redirect_uri']}?{back}")
            self.end_headers()
        elif url.path == "/userinfo" and self.headers["Authorization"] == f"Bearer {TOKEN}":
            self.answer(self.server.claims)
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form.get("code") != CODE or form.get("client_secret") != SECRET:
            return self.send_error(401)
        assert form["code_verifier"]
        now = int(time.time())
        claims = self.server.claims | {
            "iss": self.server.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
        }
        if self.server.nonce:
            claims["nonce"] = self.server.nonce
        token = jwt.encode(claims, self.server.key, "RS256", headers={"kid": KEY_ID})
        self.answer({"access_token": TOKEN, "token_type": "Bearer", "id_token": token})

    def answer(self, data):
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    nonce = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def configuration(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@contextmanager
def provider(**claims):
    """A running provider at `url`, where everybody who signs in is the person of `claims`."""
    server = Server(("127.0.0.1", 0), Provider)
    server.claims = {"sub": "17", **claims}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
