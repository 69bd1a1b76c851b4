"""What listings, wanted ads and pupils' ideas have in common: editors review them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.forms import TaskStateCommentForm
from wagtail.models import (
    AbstractGroupApprovalTask,
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TaskState,
    Workflow,
    WorkflowMixin,
)
from wagtail.search import index

from marketplace.review.errors import AlreadyDecided, NotSettled, WordsMissing
from marketplace.review.notifier import ReviewNotifier
from portal.foundation.drafts import ReadAtOnce


def _relation(model):
    return GenericRelation(
        model,
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )


class Reviewed(
    ReadAtOnce,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What people write in the exchange, in the same workflow as the site's pages.

    `review_notifier` says whom each event of a review is told to; every subject sets its own.
    """

    review_notifier: ClassVar[ReviewNotifier] = ReviewNotifier()
    # Set where it is only shown: menu and panels ask for it again and again.
    known_workflow: Workflow | None = None

    _revisions = _relation("wagtailcore.Revision")
    _workflow_states = _relation("wagtailcore.WorkflowState")

    class Meta:
        abstract = True

    @property
    def revisions(self):
        return self._revisions

    def get_workflow(self):
        return self.known_workflow or super().get_workflow()

    @property
    def workflow_states(self):
        return self._workflow_states

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it and what is part of it, in one transaction, which leaves one job."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    @property
    def language(self):
        """The site's main language, whatever language the page around it is read in."""
        return settings.LANGUAGE_CODE

    @property
    def passes_review(self):
        """Whether it is published without review, because its organisation is trusted."""
        return False

    def obstacle_to_publishing(self):
        """What an editor must settle before it can be approved, in a sentence, or nothing."""
        return ""

    @property
    def sent_by(self):
        """The organisation whose members sent it for review."""
        return self.organisation

    @property
    def senders(self):
        """The people who wait for the answer, and may end the review themselves."""
        return self.sent_by.active_members().filter(is_active=True)


class RequestForChanges(TaskStateCommentForm):
    """What is to be changed. The sender reads it."""

    comment = forms.CharField(
        label=_("What should be changed?"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The sender reads it beside the form."),
    )


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

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide, unless another editor has just done so, or something is to be settled first.

        Asking for changes needs a word, whichever page asks. Raises `AlreadyDecided`, `NotSettled`
        or `WordsMissing`.
        """
        if action_name == "reject" and not kwargs.get("comment", "").strip():
            raise WordsMissing
        current = TaskState.objects.select_for_update(of=("self",)).get(pk=task_state.pk)
        if current.status != TaskState.STATUS_IN_PROGRESS:
            raise AlreadyDecided(current)
        if action_name == "approve":
            content = current.workflow_state.content_object.get_latest_revision_as_object()
            if isinstance(content, Reviewed) and (obstacle := content.obstacle_to_publishing()):
                raise NotSettled(obstacle)
        return super().on_action(current.specific, user, action_name, **kwargs)

    def get_form_for_action(self, action):
        """The form in the window that Wagtail opens: a word is needed to ask for changes."""
        return RequestForChanges if action == "reject" else super().get_form_for_action(action)

    def start(self, workflow_state, user=None):
        content = workflow_state.content_object
        if not (isinstance(content, Reviewed) and content.passes_review):
            return super().start(workflow_state, user=user)
        # Never in progress, so that no editor is asked to look at it.
        task_state = TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=content.get_latest_revision(),
            status=TaskState.STATUS_APPROVED,
            finished_at=timezone.now(),
            finished_by=user,
            comment=_("Published without review: the organisation is trusted."),
        )
        task_state.log_state_change_action(user, "approve")
        return task_state
