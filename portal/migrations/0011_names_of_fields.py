"""The field's words in the code: names of fields change, names of columns stay.

Only the state changes; the database has nothing to do.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0010_jobs_and_submissions'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name='auditevent',
                    name='audit_kind',
                ),
                migrations.AlterField(
                    model_name='auditevent',
                    name='kind',
                    field=models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'Failed to sign in'), ('session_ended', 'Ended sign-ins'), ('password_changed', 'Changed the password'), ('email_changed', 'Changed an e-mail address'), ('factor_added', 'Added a second factor'), ('factor_removed', 'Removed a second factor'), ('role_given', 'Gave a role'), ('role_taken', 'Took a role away'), ('approved', 'Approved'), ('refused', 'Refused'), ('trusted', 'Made trusted'), ('not_trusted', 'Made no longer trusted'), ('merged', 'Merged'), ('invited', 'Invited'), ('corrected', 'Corrected'), ('exported', 'Exported'), ('erased', 'Removed an account'), ('reservation_accepted', 'Accepted a reservation'), ('handover_confirmed', 'Confirmed a handover')], db_column='kind', editable=False, max_length=30, verbose_name='what'),
                ),
                migrations.RenameField(
                    model_name='auditevent',
                    old_name='kind',
                    new_name='type',
                ),
                migrations.AddIndex(
                    model_name='auditevent',
                    index=models.Index(fields=['type', '-at'], name='audit_kind'),
                ),
            ],
        ),
    ]
