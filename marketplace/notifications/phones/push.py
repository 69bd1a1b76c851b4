"""Web push: sending one message to one browser, encrypted for it (RFC 8291) and signed (RFC 8292).

Off until `WEB_PUSH_PRIVATE_KEY` is set. A browser names the push service that it is reached by; we
write to none but those in `WEB_PUSH_SERVICES`, since anybody could name any server.
"""

import base64
import json
import logging
import re
from email.utils import parseaddr
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from webpush import WebPush
from webpush.types import WebPushKeys, WebPushSubscription
from webpush.vapid import VAPID

from marketplace.notifications.phones.models import PushSubscription

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# How long a push service keeps it for a phone that is off.
KEEP_SECONDS = 24 * 60 * 60
GONE = (404, 410)
PLAIN_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


class PushFailed(Exception):
    """The push service did not take a message now; it may do so later."""


def is_on() -> bool:
    return bool(settings.WEB_PUSH_PRIVATE_KEY)


def new_key() -> str:
    """A private key as `WEB_PUSH_PRIVATE_KEY` wants it: 32 bytes in URL-safe base64."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def private_key() -> ec.EllipticCurvePrivateKey:
    """Raises `ValueError` for a setting that is no key."""
    text = settings.WEB_PUSH_PRIVATE_KEY
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) != 32:
        raise ValueError("WEB_PUSH_PRIVATE_KEY must be made by manage.py make_web_push_key")
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


def public_key() -> str:
    """What a browser is given, so that it takes messages from nobody else."""
    return VAPID.get_application_server_key(private_key().public_key())


def is_known_service(endpoint: str) -> bool:
    """Whether `endpoint` is at one of the push services that we write to."""
    parts = urlsplit(endpoint)
    if not PLAIN_HOST.fullmatch(parts.netloc):
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return any(fnmatchcase(origin, pattern) for pattern in settings.WEB_PUSH_SERVICES)


def writer() -> WebPush:
    key = private_key()
    return WebPush(
        private_key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        public_key=key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        subscriber=settings.WEB_PUSH_CONTACT or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        ttl=KEEP_SECONDS,
    )


def send(subscription: PushSubscription, content: dict[str, str]) -> bool:
    """Send `content` to one browser. Returns whether it is still there.

    A subscription that its service has ended is removed. Raises `PushFailed`.
    """
    if not is_known_service(subscription.endpoint):
        subscription.delete()
        return False
    message = writer().get(
        message=json.dumps(content),
        subscription=WebPushSubscription(
            endpoint=subscription.endpoint,
            keys=WebPushKeys(auth=subscription.auth, p256dh=subscription.p256dh),
        ),
    )
    try:
        response = requests.post(
            subscription.endpoint,
            data=message.encrypted,
            headers=dict(message.headers),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise PushFailed from error
    if response.status_code in GONE:
        subscription.delete()
        return False
    if not response.ok or response.is_redirect:
        raise PushFailed(f"The push service answered {response.status_code}.")
    return True
