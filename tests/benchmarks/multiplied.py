"""Makes much of the demo: its rows, copied in the database.

Quicker than making each by itself, and with everything that the demo has beside them: photos,
categories, tags, stock, all kinds of pages.
"""

from django.db import connection

# ruff: noqa: S608  # SQL of our own tables and columns
# Copies of each organisation, so that pairs of givers and receivers are many.
ORGANISATIONS = 12
# Three years, less some weeks in which the demo has handovers of its own.
DAYS = 1_000


def multiply(listings, handovers):
    """Copy the demo's rows until there are about so many `listings` and `handovers`."""
    with connection.cursor() as cursor:
        organisations = copy(
            cursor,
            "marketplace_organisation",
            ORGANISATIONS,
            where="merged_into_id IS NULL",
            name="s.name || ' ' || g",
            org_number="''",
            school_unit_code="''",
        )
        copies = listings // count(cursor, "marketplace_materiallisting")
        step = copy_listings(cursor, copies)
        at = f"s.listing_id + (g % {copies}) * {step}"
        copy_handovers(cursor, handovers, at, organisations)
        copy_reservations(cursor, handovers, at)
        set_sequences(cursor)
        cursor.execute("VACUUM ANALYZE")


def copy_listings(cursor, copies):
    """Copy listings with what belongs to each; returns how far apart two copies' keys are."""
    step = copy(
        cursor,
        "marketplace_materiallisting",
        copies,
        latest_revision_id="NULL",
        live_revision_id="NULL",
        answers_ad_id="NULL",
        title="left(s.title, 110) || ' ' || g",
        first_published_at=f"s.first_published_at - (g % {DAYS}) * interval '1 day'",
    )
    for table, column in (
        ("marketplace_stock", "listing_id"),
        ("marketplace_listingphoto", "listing_id"),
        ("marketplace_listingtag", "content_object_id"),
    ):
        copy(
            cursor,
            table,
            copies,
            where=f"s.{column} < {step}",
            **{column: f"s.{column} + g * {step}"},
        )
    return step


def copy_handovers(cursor, wanted, listing, organisations):
    """Copy what changed hands, between copies of the organisations, on earlier days."""
    rows = "reverses_id IS NULL AND replaces_id IS NULL"
    copy(
        cursor,
        "marketplace_handover",
        wanted // count(cursor, "marketplace_handover", rows),
        where=rows,
        listing_id=listing,
        reservation_id="NULL",
        handed_over_on=f"s.handed_over_on - (g % {DAYS})",
        giver_id=another("giver_id", f"g % {ORGANISATIONS + 1}", organisations),
        receiver_id=another("receiver_id", f"g / 13 % {ORGANISATIONS + 1}", organisations),
    )


def another(column, number, step):
    """The `number`th copy of an organisation; of merged ones there are none."""
    return (
        f"CASE WHEN EXISTS(SELECT 1 FROM marketplace_organisation o WHERE o.id = s.{column} "
        f"AND o.merged_into_id IS NULL) THEN s.{column} + ({number}) * {step} ELSE s.{column} END"
    )


def copy_reservations(cursor, wanted, listing):
    rows = "state = 'collected'"
    copy(
        cursor,
        "marketplace_reservation",
        wanted // count(cursor, "marketplace_reservation", rows),
        where=rows,
        listing_id=listing,
        joint_request_id="NULL",
        created_at=f"s.created_at - (g % {DAYS}) * interval '1 day'",
        accepted_at=f"s.accepted_at - (g % {DAYS}) * interval '1 day'",
    )


def copy(cursor, table, copies, *, where="true", **changed):
    """Insert `copies` of the rows; `changed` are columns as SQL of the row `s` and the number `g`.

    Returns how far apart the keys of two copies of a row are.
    """
    columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    key = "id" if "id" in columns else "listing_id"
    cursor.execute(f"SELECT max({key}) + 1 FROM {table}")
    step = cursor.fetchone()[0]
    if "id" in columns:
        changed["id"] = f"s.id + g * {step}"
    names = ", ".join(f'"{each}"' for each in columns)
    values = ", ".join(changed.get(each, f's."{each}"') for each in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} s "
        f"CROSS JOIN generate_series(1, {copies}) g WHERE {where}"
    )
    return step


def count(cursor, table, where="true"):
    cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
    return cursor.fetchone()[0]


def set_sequences(cursor):
    """Let new rows get keys above those of the copies."""
    for table in connection.introspection.table_names(cursor):
        for each in connection.introspection.get_sequences(cursor, table):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), "
                f'(SELECT coalesce(max("{each["column"]}"), 0) + 1 FROM "{table}"))',
                [table, each["column"]],
            )
