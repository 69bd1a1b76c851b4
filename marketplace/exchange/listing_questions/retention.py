"""How long questions about listings are kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.exchange.listing_questions.models import ListingQuestion
from portal.foundation.privacy.rules import Rule, register


def remove_questions(before: datetime) -> int:
    return ListingQuestion.objects.filter(created_at__lt=before).delete()[0]


register(
    Rule(
        "listing_questions",
        _("Questions about material, and their answers"),
        _("So that you can read what was answered."),
        days=365,
        remove=remove_questions,
    ),
)
