"""The field's words in the code: names of fields change, names of columns stay.

Only the state changes; the database has nothing to do.
"""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0011_names_of_fields'),
        ('post_office', '0014_alter_email_recipient_delivery_status_and_more'),
        ('search', '0011_carrying'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelTable(name='arrival', table='search_arrival'),
        migrations.RenameModel(old_name='Arrival', new_name='MatchedEntry'),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name='matchedentry', name='arrival_matched_once'),
                migrations.AlterField(
                    model_name='matchedentry',
                    name='kind',
                    field=models.CharField(choices=[('material', 'Material'), ('lektion', 'Lesson idea'), ('artikel', 'Article'), ('berattelse', 'Story'), ('kampanj', 'Campaign'), ('efterlysning', 'Wanted')], db_column='kind', max_length=12),
                ),
                migrations.RenameField(model_name='matchedentry', old_name='kind', new_name='type'),
                migrations.RemoveConstraint(
                    model_name='savedsearch',
                    name='saved_search_once_per_person',
                ),
                migrations.RemoveConstraint(
                    model_name='savedsearchhit',
                    name='saved_search_hit_once',
                ),
                migrations.RemoveConstraint(
                    model_name='searchentry',
                    name='search_entry_once_per_language',
                ),
                migrations.RemoveIndex(
                    model_name='savedsearchhit',
                    name='saved_search_hit_untold',
                ),
                migrations.RemoveIndex(
                    model_name='searchentry',
                    name='search_entry_newest',
                ),
                migrations.AlterField(
                    model_name='intention',
                    name='kind',
                    field=models.CharField(choices=[('activity', 'Activity'), ('theme', 'Theme'), ('property', 'Property'), ('age', 'Age or subject')], db_column='kind', max_length=10, verbose_name='kind'),
                ),
                migrations.RenameField(
                    model_name='intention',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='savedsearch',
                    name='address',
                    field=models.CharField(blank=True, db_column='address', editable=False, max_length=1000),
                ),
                migrations.RenameField(
                    model_name='savedsearch',
                    old_name='address',
                    new_name='query_string',
                ),
                migrations.AlterField(
                    model_name='savedsearchhit',
                    name='told_at',
                    field=models.DateTimeField(blank=True, db_column='told_at', help_text='When its mail was written, or found to be unwanted.', null=True),
                ),
                migrations.RenameField(
                    model_name='savedsearchhit',
                    old_name='told_at',
                    new_name='notified_at',
                ),
                migrations.AlterField(
                    model_name='savedsearchhit',
                    name='kind',
                    field=models.CharField(choices=[('material', 'Material'), ('lektion', 'Lesson idea'), ('artikel', 'Article'), ('berattelse', 'Story'), ('kampanj', 'Campaign'), ('efterlysning', 'Wanted')], db_column='kind', max_length=12),
                ),
                migrations.RenameField(
                    model_name='savedsearchhit',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='searchentry',
                    name='organisation_kind',
                    field=models.CharField(blank=True, db_column='organisation_kind', max_length=20),
                ),
                migrations.RenameField(
                    model_name='searchentry',
                    old_name='organisation_kind',
                    new_name='organisation_type',
                ),
                migrations.AlterField(
                    model_name='searchentry',
                    name='kind',
                    field=models.CharField(choices=[('material', 'Material'), ('lektion', 'Lesson idea'), ('artikel', 'Article'), ('berattelse', 'Story'), ('kampanj', 'Campaign'), ('efterlysning', 'Wanted')], db_column='kind', max_length=12),
                ),
                migrations.RenameField(
                    model_name='searchentry',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AddIndex(
                    model_name='savedsearchhit',
                    index=models.Index(condition=models.Q(('notified_at', None)), fields=['search'], name='saved_search_hit_untold'),
                ),
                migrations.AddIndex(
                    model_name='searchentry',
                    index=models.Index(fields=['type', 'removed', '-published_at'], name='search_entry_newest'),
                ),
                migrations.AddConstraint(
                    model_name='savedsearch',
                    constraint=models.UniqueConstraint(fields=('user', 'query_string'), name='saved_search_once_per_person', violation_error_message='You have saved this search already.'),
                ),
                migrations.AddConstraint(
                    model_name='savedsearchhit',
                    constraint=models.UniqueConstraint(fields=('search', 'type', 'object_id'), name='saved_search_hit_once'),
                ),
                migrations.AddConstraint(
                    model_name='searchentry',
                    constraint=models.UniqueConstraint(fields=('type', 'object_id', 'language'), name='search_entry_once_per_language'),
                ),
                migrations.AddConstraint(
                    model_name='matchedentry',
                    constraint=models.UniqueConstraint(fields=('type', 'object_id'), name='arrival_matched_once'),
                ),
            ],
        ),
    ]
