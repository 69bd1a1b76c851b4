"""How long pupils' ideas are kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.ideas.models import Idea
from portal.foundation.privacy.rules import Rule, register


def remove_stopped_ideas(before):
    """Ideas that no teacher approved, with their pictures."""
    stopped = Idea.objects.filter(
        Q(progress__declined_at__lt=before)
        | Q(progress__declined_at=None, progress__approved_at=None, created_at__lt=before)
    )
    count = 0
    for idea in stopped.prefetch_related("photos__image"):
        images = [photo.image for photo in idea.photos.all()]
        idea.delete()
        for image in images:
            image.delete()
        count += 1
    return count


register(
    Rule(
        "stopped ideas",
        _("Pupils' ideas that a teacher has stopped, or not looked at, with their pictures"),
        _("Time for the teacher to look at them, and for questions from the class."),
        days=365,
        remove=remove_stopped_ideas,
    ),
    Rule(
        "ideas",
        _("Pupils' ideas: text, pictures, and a first name or class"),
        _("So that company and class, and others if it is published, can see them."),
        until=_("Until somebody asks us to remove them"),
    ),
)
