"""What editors and coordinators do with several rows of a list at once."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from . import services
from .models import Collaboration, MaterialListing, Organisation
from .scoping import within


class ListingBulkAction(SnippetBulkAction):
    """Asks once for all chosen listings, and says which of them it leaves alone, and why."""

    models = [MaterialListing]
    template_name = "marketplace/admin/bulk_action.html"


class ApproveListings(ListingBulkAction):
    """Approve the review of those that wait for one."""

    display_name = _("Approve")
    action_type = "approve"
    aria_label = _("Approve the chosen listings")
    action_priority = 10
    question = _("These listings are published:")
    left_alone = _("These do not wait for your review:")
    confirm = _("Approve")

    def check_perm(self, listing):
        task = listing.current_workflow_task
        return task is not None and "approve" in {
            action for action, _name, _modal in task.get_actions(listing, self.request.user)
        }

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for listing in objects:
            state = listing.current_workflow_task_state
            state.task.on_action(state, user, "approve")
        return len(objects), 0

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
        "These listings are taken out of the exchange. What has been promised stays promised, and "
        "those who have asked without an answer are told."
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
            services.withdraw_listing(listing=listing, by=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d listing has ended.",
            "%(count)d listings have ended.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


class MunicipalDelete(DeleteBulkAction):
    """Wagtail's own, which would name other municipalities' rows as those one may not delete."""

    models = [Organisation, Collaboration]

    def get_actionable_objects(self):
        objects, others = super().get_actionable_objects()
        seen = set(
            within(self.model._default_manager.all(), self.request.user).values_list(
                "pk", flat=True
            )
        )
        others["items_with_no_access"] = [
            item for item in others["items_with_no_access"] if item.pk in seen
        ]
        return objects, others


ACTIONS = [ApproveListings, WithdrawListings, MunicipalDelete]
