"""What editors and coordinators do with several rows of a list at once."""

from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from marketplace.listings.models import MaterialListing
from marketplace.offers.services import withdraw_listing
from marketplace.review.errors import AlreadyDecided, NotSettled


class ListingBulkAction(SnippetBulkAction):
    """Asks once for all chosen listings, and says which of them it leaves alone, and why."""

    models = [MaterialListing]
    template_name = "marketplace/offers/admin/bulk_action.html"


class ApproveListings(ListingBulkAction):
    """Approve the review of those that wait for one."""

    display_name = _("Approve")
    action_type = "approve"
    aria_label = _("Approve the chosen listings")
    action_priority = 10
    question = _("These listings are published:")
    left_alone = _("These are not waiting for your review, or something needs deciding first:")
    confirm = _("Approve")

    def check_perm(self, listing):
        task = listing.current_workflow_task
        if task is None or listing.get_latest_revision_as_object().obstacle_to_publishing():
            return False
        actions = task.get_actions(listing, self.request.user)
        return "approve" in {action for action, _name, _modal in actions}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        approved = 0
        for listing in objects:
            state = listing.current_workflow_task_state
            # Another editor may have decided, or the giver changed it, since the page was opened.
            with suppress(AlreadyDecided, NotSettled):
                state.task.specific.on_action(state, user, "approve")
                approved += 1
        return approved, 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d listing has been approved.",
            "%(count)d listings have been approved.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


class WithdrawListings(ListingBulkAction):
    """Take listings out of the exchange; what has been promised stays promised."""

    display_name = _("End")
    action_type = "withdraw"
    aria_label = _("End the chosen listings")
    action_priority = 20
    classes = {"serious"}
    question = _(
        "These listings are taken out of the exchange. What has been accepted "
        "stays accepted, and those still waiting for an answer are notified."
    )
    left_alone = _("These are not published, or have ended already:")
    confirm = _("End them")

    def check_perm(self, listing):
        return (
            listing.live
            and listing.stock.closed_at is None
            and self.permission_policy.user_has_permission_for_instance(
                self.request.user, "publish", listing
            )
        )

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for listing in objects:
            withdraw_listing(listing=listing, by=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d listing has ended.",
            "%(count)d listings have ended.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


ACTIONS = [ApproveListings, WithdrawListings]
