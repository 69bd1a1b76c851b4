"""Notices every write to the database that a page may show."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import ContentVersion

WRITE = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
# What no page shows to visitors. A table that is not named here counts as shown.
QUIET = re.compile(
    r"account_|auth_|django_|mfa_|post_office_|socialaccount_|usersessions_|wagtailadmin_"
    r"|portal_(auditevent|contentversion|limitentry|periodicstep|retentionrun|submission"
    r"|termsacceptance|workerlane)$"
    r"|marketplace_(calendarentry|calendarfeed|columnchoice|invitation|listingimport"
    r"|listingimportrow|mailpreference|monthsum|notification|offerdraft|photoupload|registration"
    r"|reservationmessage|schoolimport|sumsmark|userday)$"
    r"|search_(arrival|savedsearch|savedsearchhit|searchcount)$"
    r"|wagtailcore_(comment|commentreply|modellogentry|pagelogentry|pagesubscription"
    r"|referenceindex|uploadedfile)$"
    r"|wagtailsearch_indexentry$|wagtailsearchpromotions_query"
)
# With every sign-in; nobody is shown it.
SIGNED_IN = re.compile(r'UPDATE "portal_user" SET "last_login" = %s WHERE')

# What `remembered` has read, while it lasts.
_read: ContextVar[list[int] | None] = ContextVar("content_version", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Ask for the number once: for what is read after it, which may be newer but never older."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def current() -> int:
    """The number of what pages show now, or showed when it was asked for first (`remembered`)."""
    read = _read.get()
    if read:
        return read[0]
    number = ContentVersion.objects.values_list("number", flat=True).first() or 0
    if read is not None:
        read.append(number)
    return number


def is_known() -> bool:
    """Whether the number has been read already, so that what is kept costs nothing to look up."""
    return bool(_read.get())


def is_shown(sql: Any) -> bool:
    """Whether the statement changes what a visitor may see."""
    if not isinstance(sql, str):
        return False
    match = WRITE.match(sql)
    return match is not None and not QUIET.match(match[1]) and not SIGNED_IN.match(sql)


def watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a new connection raise the number when it has written; for `connection_created`."""
    if notice not in connection.execute_wrappers:
        # First: a request that makes the connection has a wrapper of its own there already, and
        # takes the last one away when it ends.
        connection.execute_wrappers.insert(0, notice)


def notice(run: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
    """Run the statement; when it changes what is shown, raise the number after the commit."""
    result = run(sql, params, many, context)
    if settings.PAGE_CACHE_SECONDS and is_shown(sql):
        # Once for a transaction is enough, so the last few callbacks are looked through.
        waiting = context["connection"].run_on_commit[-20:]
        if not any(callback is raise_number for _ids, callback, _robust in waiting):
            transaction.on_commit(raise_number)
    return result


def is_raised_later() -> bool:
    """Whether the transaction has written what pages show; nobody else sees it before the end."""
    return any(each[1] is raise_number for each in connection.run_on_commit)


def raise_number() -> None:
    """Let no page be shown that was made before now.

    After the commit: a page that is made in between carries the old number and is shown no more.
    """
    if read := _read.get():
        read.clear()
    # One statement, since SQLite begins no transaction while a row of the write before is fetched.
    table = connection.ops.quote_name(ContentVersion._meta.db_table)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (id, number) VALUES (1, 1) "  # noqa: S608  # our own table
                f"ON CONFLICT (id) DO UPDATE SET number = {table}.number + 1"
            )
    except DatabaseError:
        # The migrations of a new installation write before there is such a table, or any page.
        if ContentVersion._meta.db_table in connection.introspection.table_names():
            raise
