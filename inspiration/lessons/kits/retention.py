"""How long kits are kept."""

from django.utils.translation import gettext_lazy as _

from inspiration.lessons.kits.models import LessonKit
from portal.foundation.privacy.rules import Rule, register


def remove_kits(before):
    return LessonKit.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "kits",
        _("Kits that you have sent: for how many, when, and what belongs together"),
        _("So that you can find the plan again next year."),
        days=2 * 365,
        remove=remove_kits,
    ),
)
