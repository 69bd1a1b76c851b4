"""Which errors mean "come back in a moment" and not "broken"."""

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from portal.foundation.files import is_storage_away

RETRY_AFTER_SECONDS = 10


def is_temporary(error: BaseException | None) -> bool:
    """Whether `error` is the database being away, full, locked or out of connections, or the disk.

    PostgreSQL says all of these with `OperationalError`; what is wrong in our own code is a
    `ProgrammingError` there. SQLite says "no such table" with it too, which is not temporary.
    """
    if is_storage_away(error):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        return "locked" in str(error) or "disk" in str(error)
    return True
