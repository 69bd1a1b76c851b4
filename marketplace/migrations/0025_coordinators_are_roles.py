"""Coordinators are roles now. The table of before stays for a version: old code still reads it.

Nothing new refers to it, so it may not hold back the removal of a person or a municipality.
"""

from django.db import migrations

TABLE = "marketplace_municipality_coordinators"


def let_go(apps, schema_editor):
    """Drop the foreign keys of the table."""
    if schema_editor.connection.vendor != "postgresql":
        # SQLite, for development, runs one version at a time.
        schema_editor.execute(f"DELETE FROM {TABLE}")
        return
    with schema_editor.connection.cursor() as cursor:
        constraints = schema_editor.connection.introspection.get_constraints(cursor, TABLE)
    for name, constraint in constraints.items():
        if constraint["foreign_key"]:
            schema_editor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0024_roles_from_groups")]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="municipality", name="coordinators")
            ]
        ),
    ]
