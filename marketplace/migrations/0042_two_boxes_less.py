"""Two boxes that the answers have replaced.

Processes of the version before still write them, so the columns stay, with a default of the
database, until the next release drops them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0041_fill_safety_answers")]

    operations = [
        migrations.AlterField(
            "materiallisting", "small_parts", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AlterField(
            "materiallisting", "treated", models.BooleanField(default=False, db_default=False)
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("materiallisting", "small_parts"),
                migrations.RemoveField("materiallisting", "treated"),
            ]
        ),
    ]
