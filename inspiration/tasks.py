"""Background jobs of inspiration."""

from django_tasks import task

from . import newsletters


@task()
def send_newsletter(newsletter_id):
    """Write the copies of an issue that are still waiting."""
    newsletters.send_waiting(newsletter_id)
