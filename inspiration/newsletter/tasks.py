"""Background jobs of inspiration."""

from django_tasks import task

from inspiration.newsletter.services import send_waiting


@task()
def send_newsletter(newsletter_id):
    """Write the copies of an issue that are still waiting."""
    send_waiting(newsletter_id)
