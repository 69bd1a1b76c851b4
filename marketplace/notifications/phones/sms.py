"""Texts through the gateway that a municipality has: one HTTP request per text.

Off until `SMS_GATEWAY_URL` is set. What the gateway calls its fields, and whether it takes a form
or JSON, are settings; docs/how-to/phones.md has examples.
"""

import logging
from typing import Any

import requests
from django.conf import settings

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# Two parts of a text with å, ä and ö: what is longer is cut.
LONGEST = 134


class SmsFailed(Exception):
    """The gateway did not take a text."""


def is_on() -> bool:
    return bool(settings.SMS_GATEWAY_URL)


def send(*, to: str, text: str) -> None:
    """Send `text` to the number `to`, such as +46701234567. Raises `SmsFailed`."""
    names = settings.SMS_GATEWAY_FIELDS
    values = {
        names["sender"]: settings.SMS_SENDER,
        names["to"]: to,
        names["text"]: text,
    }
    body: dict[str, Any] = (
        {"json": values} if settings.SMS_GATEWAY_FORMAT == "json" else {"data": values}
    )
    headers = {}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    auth = None
    if settings.SMS_GATEWAY_USER:
        auth = (settings.SMS_GATEWAY_USER, settings.SMS_GATEWAY_PASSWORD)
    try:
        response = requests.post(
            settings.SMS_GATEWAY_URL,
            headers=headers,
            auth=auth,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            **body,
        )
    except requests.RequestException as error:
        raise SmsFailed(str(error)) from error
    if not response.ok or response.is_redirect:
        raise SmsFailed(f"The gateway answered {response.status_code}.")


def shortened(subject: str, url: str) -> str:
    """One text: what happened, cut where it must be, and a link that is whole."""
    room = max(LONGEST - len(url) - 1, 20)
    if len(subject) > room:
        subject = subject[: room - 1].rstrip() + "…"
    return f"{subject}\n{url}"
