"""Who approves an organisation."""

from marketplace.review.recipients import editors
from marketplace.roles.permissions import coordinators_of


def approvers(organisation):
    """The people who approve `organisation`: its municipality's coordinators, or else editors."""
    coordinators = coordinators_of(organisation.municipality)
    return coordinators if coordinators.exists() else editors()
