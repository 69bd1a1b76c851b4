"""Names in Swedish order, with å, ä and ö last, in whatever database the portal runs on."""

from django.db.models.functions import Collate

# PostgreSQL has it built in; SQLite is given one of the same name for each connection.
SWEDISH = "sv-x-icu"


def by_name(field="name"):
    """An expression for `ordering` and `order_by` that sorts `field` as Swedish does."""
    return Collate(field, SWEDISH)


def swedish_order(name):
    """A key for `sorted` that does the same."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def compare(one, two):
    one, two = swedish_order(one), swedish_order(two)
    return (one > two) - (one < two)


def teach_sqlite(connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_collation(SWEDISH, compare)
