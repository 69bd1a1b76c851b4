"""Notify an organisation of the review of what it has sent in."""

from collections.abc import Iterable
from typing import Any

from marketplace.organisations.membership.recipients import members
from marketplace.review.notifier import SenderReview
from portal.foundation.users.models import User


class OrganisationReview(SenderReview):
    """Notifies the members of the `organisation` whose the reviewed object is.

    Each notification gets the object's primary key and title as `wanted_id` and `wanted_title`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def senders(self, sent: Any) -> Iterable[User]:
        return members(sent.organisation)

    def about(self, sent: Any, version: Any) -> dict[str, Any]:
        return {
            "organisation": sent.organisation,
            f"{self.name}_id": sent.pk,
            f"{self.name}_title": version.title,
        }
