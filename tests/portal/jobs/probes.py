"""Jobs that do what a test wants of them."""

from django_tasks import task
from taggit.models import Tag

from portal.foundation.jobs.backend import join
from portal.foundation.jobs.batches import in_rounds

ROUNDS = []


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


@task()
def note_unless_broken(name):
    """Leave a trace, but not of what is broken."""
    if name == "broken":
        raise ValueError(name)
    Tag.objects.get_or_create(name=name)


@in_rounds(note_unless_broken)
def note_many(waiting):
    """Many traces in one round."""
    ROUNDS.append(len(waiting))
    for (name,) in waiting:
        note_unless_broken.func(name)


join(note, note_at_once, note_unless_broken, fail_until_noted)
