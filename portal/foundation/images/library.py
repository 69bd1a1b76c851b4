"""The editors' library of pictures."""

from typing import Any

from django.db.models import QuerySet
from wagtail.images import get_image_model
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from . import visibility


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's rules, without the pictures that are nobody's to see yet, in lists and choosers."""

    def instances_user_has_any_permission_for(self, user: Any, actions: list[str]) -> QuerySet:
        images = super().instances_user_has_any_permission_for(user, actions)
        for holder in visibility.holders:
            images = images.exclude(pk__in=holder.closed())
        return images

    def user_has_any_permission_for_instance(
        self, user: Any, actions: list[str], instance: Any
    ) -> bool:
        return super().user_has_any_permission_for_instance(
            user, actions, instance
        ) and not visibility.is_closed(instance.pk)


def library_policy() -> LibraryPolicy:
    return LibraryPolicy(
        get_image_model(), auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
    )
