"""Notices what pages read of the database, and every write to it that they may show."""

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
    r"|marketplace_(calendarentry|calendarfeed|columnchoice|favourite|invitation|listingfollow"
    r"|listingimport|listingimportrow|mailpreference|monthsum|notification|offerdraft|photoupload|registration"
    r"|reservationmessage|schoolimport|sumsmark|userday)$"
    r"|search_(arrival|savedsearch|savedsearchhit|searchcount)$"
    r"|wagtailcore_(comment|commentreply|modellogentry|pagelogentry|pagesubscription"
    r"|referenceindex|uploadedfile)$"
    r"|wagtailsearch_indexentry$|wagtailsearchpromotions_query"
)
# With every sign-in; nobody is shown it.
SIGNED_IN = re.compile(r'UPDATE "portal_user" SET "last_login" = %s WHERE')

# What changes many times a day, each with a number of its own: what has read nothing of it stays.
# All the other tables share one number.
AREAS = {
    "pages": r"wagtailcore_page|inspiration_\w+",
    "material": r"marketplace_(?:materiallisting|stock|listingphoto|listingtag|listingquestion"
    r"|reservation|waitingplace)|search_search(?:entry|word)",
    # With the sums, which are made from it and raise no number.
    "ledger": r"marketplace_(?:handover|movement|monthsum|sumsmark)",
    "pictures": r"portal_(?:customimage|rendition)",
    "drafts": r"wagtailcore_(?:revision|workflowstate|taskstate)",
}
OTHER = "other"
IN_SQL = re.compile("|".join(rf"(?P<{area}>\b(?:{names})\b)" for area, names in AREAS.items()))

Numbers = dict[str, int]
# What `remembered` has read, while it lasts.
_read: ContextVar[list[Numbers] | None] = ContextVar("content_version", default=None)
# The areas that have been read since `read_areas` began.
_areas: ContextVar[set[str] | None] = ContextVar("areas", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Ask for the numbers once: for what is read after it, which may be newer but never older."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def current() -> Numbers:
    """The numbers of what pages show now, or when they were asked for first (`remembered`)."""
    read = _read.get()
    if read:
        return read[0]
    found = ContentVersion.objects.values("number", *AREAS).first() or {}
    numbers = {area: found.get(area, 0) for area in AREAS}
    numbers[OTHER] = found.get("number", 0) - sum(numbers.values())
    if read is not None:
        read.append(numbers)
    return numbers


def still_hold(numbers: Numbers) -> bool:
    """Whether nothing has changed in any of these areas since their numbers were read."""
    now = current()
    return all(now.get(area) == number for area, number in numbers.items())


@contextmanager
def read_areas(*, all_so_far: bool = False) -> Iterator[set[str]]:
    """Collect the areas that are read meanwhile, for whatever is made around it as well.

    With `all_so_far` those too that have been read before, for what is made of that.
    """
    outer, areas = _areas.get(), {OTHER}
    if all_so_far:
        areas |= {*AREAS} if outer is None else outer
    token = _areas.set(areas)
    try:
        yield areas
    finally:
        _areas.reset(token)
        if outer is not None:
            outer |= areas


@contextmanager
def read_numbers(*, all_so_far: bool = False) -> Iterator[Numbers]:
    """Those areas with their numbers from before the reading, once it has ended."""
    before, numbers = current(), Numbers()
    with read_areas(all_so_far=all_so_far) as areas:
        yield numbers
    numbers.update((area, before[area]) for area in areas)


def note_read(*areas: str) -> None:
    """Say that what is made now depends on `areas`, where that is not asked of the database."""
    read = _areas.get()
    if read is not None:
        read.update(areas)


def area_written(sql: str) -> str | None:
    """The area in which the statement changes what a visitor may see, if it does."""
    match = WRITE.match(sql)
    if match is None or QUIET.match(match[1]) or SIGNED_IN.match(sql):
        return None
    area = IN_SQL.fullmatch(match[1])
    return (area and area.lastgroup) or OTHER


def watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a new connection raise the number when it has written; for `connection_created`."""
    if notice not in connection.execute_wrappers:
        # First: a request that makes the connection has a wrapper of its own there already, and
        # takes the last one away when it ends.
        connection.execute_wrappers.insert(0, notice)


def notice(run: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
    """Run the statement, note what it reads and, after the commit, that it has written."""
    result = run(sql, params, many, context)
    if settings.PAGE_CACHE_SECONDS and isinstance(sql, str):
        read = _areas.get()
        if read is not None:
            read.update(found.lastgroup or OTHER for found in IN_SQL.finditer(sql))
        if area := area_written(sql):
            raise_later(context["connection"], area)
    return result


class Raise:
    """What waits for the commit of a transaction: the areas that it has written."""

    def __init__(self, area: str) -> None:
        self.areas = {area}

    def __call__(self) -> None:
        raise_numbers(self.areas)


def raise_later(connection: BaseDatabaseWrapper, area: str) -> None:
    """Raise the number of `area` after the commit, with those of what else has been written."""
    # Once for a transaction is enough, so the last few callbacks are looked through.
    for each in connection.run_on_commit[-20:]:
        if isinstance(each[1], Raise):
            each[1].areas.add(area)
            return
    transaction.on_commit(Raise(area), using=connection.alias)


def is_raised_later() -> bool:
    """Whether the transaction has written what pages show; nobody else sees it before the end."""
    return any(isinstance(each[1], Raise) for each in connection.run_on_commit)


def raise_numbers(areas: set[str]) -> None:
    """Let nothing be shown that was made before now of what has changed in `areas`.

    After the commit: a page that is made in between carries the old numbers and is shown no more.
    """
    if read := _read.get():
        read.clear()
    try:
        _raise(len(areas), sorted(areas - {OTHER}))
    except DatabaseError:
        # The migrations of a new installation write before there is such a table, or any page; and
        # those of a new release before the areas have their columns.
        columns = _columns()
        if columns.issuperset(AREAS):
            raise
        if columns:
            _raise(1, [])


def _raise(more: int, own: list[str]) -> None:
    # One statement, since SQLite begins no transaction while a row of the write before is fetched.
    table = connection.ops.quote_name(ContentVersion._meta.db_table)
    names = "".join(f", {area}" for area in own)
    ones = ", 1" * len(own)
    raised = "".join(f", {area} = {table}.{area} + 1" for area in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, number{names}) "  # noqa: S608  # our own names
            f"VALUES (1, {more}{ones}) "
            f"ON CONFLICT (id) DO UPDATE SET number = {table}.number + {more}{raised}"
        )


def _columns() -> set[str]:
    """The columns that the table has, none where it is not there."""
    table = ContentVersion._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return set()
        return {each.name for each in connection.introspection.get_table_description(cursor, table)}
