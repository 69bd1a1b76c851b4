"""Each request has a number that follows it: into the log, the answer, and SQL."""

import logging
import re
import time
import uuid
from contextlib import nullcontext

from django.conf import settings
from django.db import connection

from .logs import request_id

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by whatever watches the site.
SILENT = ("/halsa/",)

access = logging.getLogger("portal.access")


def number_of(request) -> str:
    """The number that the proxy gave, or a new one."""
    given = request.headers.get(HEADER, "")
    return given if ACCEPTED.fullmatch(given) else uuid.uuid4().hex


def comment(number: str):
    """A wrapper that adds the request's number to each SQL statement."""

    def execute(run, sql, params, many, context):
        return run(
            f"{sql} /* request={number} */" if isinstance(sql, str) else sql, params, many, context
        )

    return connection.execute_wrapper(execute)


class Trace:
    """Numbers the request, and writes one line when it has been answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        number = number_of(request)
        token = request_id.set(number)
        started = time.perf_counter()
        try:
            with comment(number) if settings.SQL_COMMENTS else nullcontext():
                response = self.get_response(request)
            response[HEADER] = number
            if not request.path.startswith(SILENT):
                write_line(request, response, (time.perf_counter() - started) * 1000)
            return response
        finally:
            request_id.reset(token)


def write_line(request, response, ms: float) -> None:
    """Method, route and not the path (which may hold a name or a secret), status, time, user."""
    match = request.resolver_match
    # Asking for the user would load the session; who has been asked for is known.
    user = getattr(request, "_cached_user", None)
    told = {
        "method": request.method,
        "route": f"/{match.route}" if match else getattr(request, "kept_route", "-"),
        "status": response.status_code,
        "ms": round(ms),
        "user": getattr(user, "pk", None) or "-",
    }
    access.info("{method} {route} {status} {ms} ms user={user}".format(**told), extra=told)
