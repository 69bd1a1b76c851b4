"""The states that something sent for review can be in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState


class ListingState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes asked for")
    LIVE = "live", _("Published")
    PROMISED = "promised", _("Everything is promised")
    SOLD_OUT = "sold_out", _("Everything is given away")
    ENDED = "ended", _("Time is out")
    CLOSED = "closed", _("Withdrawn")
    UNPUBLISHED = "unpublished", _("Taken down")


def needs_changes(review):
    return bool(review) and review.status == WorkflowState.STATUS_NEEDS_CHANGES
