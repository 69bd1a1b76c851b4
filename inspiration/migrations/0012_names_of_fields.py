"""The field's words in the code: names of fields change, names of columns stay.

Only the state changes; the database has nothing to do.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspiration', '0011_links_of_buttons'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='campaignchannel',
                    name='kind',
                    field=models.CharField(choices=[('poster', 'Poster'), ('newsletter', 'Newsletter'), ('social', 'Shared by visitors'), ('other', 'Other')], db_column='kind', default='other', max_length=12, verbose_name='kind'),
                ),
                migrations.RenameField(
                    model_name='campaignchannel',
                    old_name='kind',
                    new_name='type',
                ),
            ],
        ),
    ]
