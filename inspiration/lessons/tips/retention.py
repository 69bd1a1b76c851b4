"""How long tips are kept."""

from django.utils.translation import gettext_lazy as _

from inspiration.lessons.tips.models import LessonTip
from inspiration.lessons.tips.services import remove_tip
from portal.foundation.privacy.rules import Rule, register


def remove_unpublished(before):
    """Tips that were never published, with their pictures."""
    old = LessonTip.objects.filter(
        live=False, first_published_at=None, latest_revision__created_at__lt=before
    )
    count = 0
    for tip in old:
        remove_tip(tip=tip)
        count += 1
    return count


register(
    Rule(
        "unpublished tips",
        _("Lesson tips that were never published, with their pictures"),
        _("Time to change them and send them again."),
        days=365,
        remove=remove_unpublished,
    ),
    Rule(
        "tips",
        _("Lesson tips: text and pictures, and the name of the school or preschool"),
        _("So that others can do the same."),
        until=_("Until the school or preschool removes them"),
    ),
)
