"""Jobs that do what a test wants of them."""

from django_tasks import task
from taggit.models import Tag


@task()
def note(name):
    """Leave a trace."""
    Tag.objects.get_or_create(name=name)


@task(priority=50)
def note_at_once(name):
    """Leave a trace, before everything else."""
    Tag.objects.get_or_create(name=name)


@task()
def fail(name):
    """Always go wrong."""
    raise ValueError(name)


@task()
def fail_until_noted(name):
    """Go wrong until somebody has put it right."""
    if not Tag.objects.filter(name=name).exists():
        raise ValueError(name)
