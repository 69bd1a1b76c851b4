"""The field's words in the code: names of fields change, names of columns stay.

Only the state changes, and the versions of ideas that Wagtail keeps as JSON.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_types_of_kept_versions(apps, schema_editor):
    """Let the versions of ideas that Wagtail has kept be read under the new name."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Revision = apps.get_model("wagtailcore", "Revision")
    idea = ContentType.objects.filter(app_label="marketplace", model="idea").first()
    if idea is None:
        return
    for revision in Revision.objects.filter(content_type=idea).iterator():
        if "kind" in revision.content and "type" not in revision.content:
            revision.content["type"] = revision.content["kind"]
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0035_purchase_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='ideaprogress',
                    name='idea_answered_only_when_approved',
                ),
                migrations.RemoveConstraint(
                    model_name='note',
                    name='note_thanks_once',
                ),
                migrations.AlterField(
                    model_name='collaboration',
                    name='kind',
                    field=models.CharField(choices=[('study_visit', 'Study visit'), ('project', 'Joint project'), ('other', 'Other')], db_column='kind', max_length=15, verbose_name='kind'),
                ),
                migrations.RenameField(
                    model_name='collaboration',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='idea',
                    name='kind',
                    field=models.CharField(choices=[('made', 'We have made this'), ('would_make', 'We would like to make this')], db_column='kind', max_length=12, verbose_name='what kind of idea'),
                ),
                migrations.RenameField(
                    model_name='idea',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='ideaprogress',
                    name='taken_further_at',
                    field=models.DateTimeField(blank=True, db_column='taken_further_at', null=True, verbose_name='company takes it further'),
                ),
                migrations.RenameField(
                    model_name='ideaprogress',
                    old_name='taken_further_at',
                    new_name='adopted_at',
                ),
                migrations.AlterField(
                    model_name='ideaprogress',
                    name='story_begun_at',
                    field=models.DateTimeField(blank=True, db_column='story_begun_at', null=True, verbose_name='story begun'),
                ),
                migrations.RenameField(
                    model_name='ideaprogress',
                    old_name='story_begun_at',
                    new_name='story_started_at',
                ),
                migrations.AlterField(
                    model_name='note',
                    name='kind',
                    field=models.CharField(choices=[('thanks', 'Thanks'), ('problem', 'Problem')], db_column='kind', max_length=10, verbose_name='kind'),
                ),
                migrations.RenameField(
                    model_name='note',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='notification',
                    name='kind',
                    field=models.CharField(db_column='kind', max_length=50),
                ),
                migrations.RenameField(
                    model_name='notification',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='organisation',
                    name='kind',
                    field=models.CharField(choices=[('company', 'Company'), ('preschool', 'Preschool'), ('school', 'School'), ('other_municipal', 'Other municipal service')], db_column='kind', max_length=20, verbose_name='kind'),
                ),
                migrations.RenameField(
                    model_name='organisation',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AlterField(
                    model_name='collaboration',
                    name='company',
                    field=models.ForeignKey(limit_choices_to={'type': 'company'}, on_delete=django.db.models.deletion.PROTECT, related_name='collaborations_as_company', to='marketplace.organisation', verbose_name='company'),
                ),
                migrations.AddConstraint(
                    model_name='ideaprogress',
                    constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', False), models.Q(('adopted_at', None), ('thanked_at', None)), _connector='OR'), name='idea_answered_only_when_approved', violation_error_message='The company answers only ideas that a teacher let through.'),
                ),
                migrations.AddConstraint(
                    model_name='note',
                    constraint=models.UniqueConstraint(condition=models.Q(('type', 'thanks')), fields=('reservation', 'organisation'), name='note_thanks_once', violation_error_message='You have already said thank you.'),
                ),
            ],
        ),
        migrations.RunPython(keep_types_of_kept_versions, migrations.RunPython.noop),
    ]
