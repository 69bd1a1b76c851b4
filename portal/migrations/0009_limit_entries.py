from django.db import migrations, models


def without_log(apps, schema_editor):
    """Counters are written often and need not outlive a crash: no disk is waited for."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE portal_limitentry SET UNLOGGED")


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0008_audit_trail_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="LimitEntry",
            fields=[
                ("key", models.CharField(max_length=250, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "verbose_name": "limit entry",
                "verbose_name_plural": "limit entries",
            },
        ),
        migrations.RunPython(without_log, migrations.RunPython.noop),
    ]
