"""For whom an entry is safe. `search_rebuild --entries`, which every release runs, fills it in.

The old column stays, since processes of the version before still write it; it may be empty, and the
next release drops it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0013_events_and_hubs")]

    operations = [
        migrations.AddField(
            "searchentry", "fits_from_age", models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            "searchentry", "safety", models.JSONField(blank=True, db_default=[], default=list)
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("searchentry", "suitable_from_age")]
        ),
    ]
