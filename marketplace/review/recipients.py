"""Who reviews."""

from django.apps import apps
from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy


def editors() -> QuerySet:
    """The people who review listings: all who may publish them."""
    listing = apps.get_model("marketplace", "MaterialListing")
    return ModelPermissionPolicy(listing).users_with_permission("publish")
