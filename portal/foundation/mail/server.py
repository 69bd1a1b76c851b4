"""The connection to the mail server, and whether anybody is there."""

import smtplib

from django.core.mail.backends.base import BaseEmailBackend
from post_office.connections import connections
from post_office.settings import get_default_mailer


class ServerAway(Exception):
    """No connection to the mail server could be made."""


def is_away(error: Exception) -> bool:
    """Whether `error`, raised while connecting, means that nobody is there.

    An answer, such as that our password is wrong, is somebody's.
    """
    if isinstance(error, smtplib.SMTPResponseException):
        return isinstance(error, smtplib.SMTPConnectError)
    return isinstance(error, OSError)


def is_connected() -> bool:
    """Whether this thread has a server that still answers, of the mail before."""
    kept = [getattr(each, "connection", None) for each in connections.all()]
    if not any(kept):
        return False
    try:
        if all(each.noop()[0] == 250 for each in kept if each):
            return True
    except (smtplib.SMTPException, OSError):
        pass
    connections.close()
    return False


def connect(alias: str = "") -> BaseEmailBackend:
    """The connection that the next mail of this thread uses. Raises `ServerAway`."""
    try:
        return connections[alias or get_default_mailer()]
    except Exception as error:
        if is_away(error):
            raise ServerAway(str(error) or type(error).__name__) from error
        raise
