"""What a line of the log says, and to which request it belongs. Nothing personal is written."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

# The request, or the job, that is being worked on.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# What an access line adds: method, route, status, ms, user.
FACTS = ("method", "route", "status", "ms", "user")


class AddRequest(logging.Filter):
    """Gives each record the number of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get()
        return True


def moment(record: logging.LogRecord) -> str:
    """When it happened, as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def facts(record: logging.LogRecord) -> dict:
    return {name: getattr(record, name) for name in FACTS if hasattr(record, name)}


class LineFormatter(logging.Formatter):
    """`time level logger [request] message`."""

    def format(self, record: logging.LogRecord) -> str:
        number = getattr(record, "request_id", "") or "-"
        text = f"{moment(record)} {record.levelname} {record.name} [{number}] {record.getMessage()}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


class JsonFormatter(logging.Formatter):
    """One JSON object per line, for whatever gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", ""),
            "message": record.getMessage(),
        }
        if record.name == "portal.access":
            entry |= facts(record)
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
