"""Which tables a request has written to, so that a refusal can be held to writing nothing."""

import re
from contextlib import contextmanager

from django.db import connection

STATEMENT = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)
# What is noted about the asking itself, and not changed by it.
NOTES = {
    "django_session",
    "wagtailadmin_editingsession",
    # A form is received once, and its errors are an answer as well.
    "portal_submission",
    "marketplace_userday",
    "portal_auditevent",
    "usersessions_usersession",
    # Wagtail makes these rows when somebody's or a site's settings are first read.
    "wagtailusers_userprofile",
    "portal_sitesettings",
}


@contextmanager
def tables_written():
    """Yield a set that gathers the tables written to, apart from notes about the asking."""
    tables = set()

    def note(execute, sql, params, many, context):
        if found := STATEMENT.match(sql):
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables
    tables -= NOTES
