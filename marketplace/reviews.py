"""What happens when a review is finished. Loaded by Wagtail while models are being defined."""


def publish(workflow_state, user=None):
    """Publish what was reviewed (`WAGTAIL_FINISH_WORKFLOW_ACTION`).

    Listings of trusted organisations pass by themselves, in the name of a company's member, who has
    no right to publish otherwise: the trust is the right.
    """
    from marketplace.models.workflow import is_trusted

    content = workflow_state.content_object
    content.get_latest_revision().publish(user=user, skip_permission_checks=is_trusted(content))
