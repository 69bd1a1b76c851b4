"""The editors' review, which spares them what need not wait for them."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState


class EditorialReview(AbstractGroupApprovalTask):
    """Approval by a group, except that listings of trusted organisations pass at once.

    The history shows that they passed without review, and who sent them.
    """

    class Meta:
        verbose_name = _("editorial review")
        verbose_name_plural = _("editorial reviews")

    @classmethod
    def get_description(cls):
        return _(
            "Members of the chosen groups approve. Listings of trusted organisations pass at once."
        )

    def start(self, workflow_state, user=None):
        if not is_trusted(workflow_state.content_object):
            return super().start(workflow_state, user=user)
        # Never in progress, so that no editor is asked to look at it.
        task_state = TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=workflow_state.content_object.get_latest_revision(),
            status=TaskState.STATUS_APPROVED,
            finished_at=timezone.now(),
            finished_by=user,
            comment=_("Published without review: the organisation is trusted."),
        )
        task_state.log_state_change_action(user, "approve")
        return task_state


def is_trusted(content):
    """Whether `content` is a listing of an approved organisation that is trusted."""
    from .listings import MaterialListing

    return (
        isinstance(content, MaterialListing)
        and content.organisation.trusted
        and content.organisation.is_approved
    )
