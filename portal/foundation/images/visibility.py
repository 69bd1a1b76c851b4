"""Who may see a picture: those who may see what it belongs to. Orphans are closed.

The rooms say what their pictures belong to (`register`). What is published is found afresh for each
request, so that a picture appears and disappears together with its page.
"""

from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

# The pictures that were uploaded in a browser's session, the newest last.
OWN_KEY = "own_pictures"
OWN_KEPT = 60


class Holder(Protocol):
    """A kind of thing that pictures belong to."""

    def is_public(self, image_id: int) -> bool:
        """Whether something that everybody may see has the picture."""

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        """Whether the picture belongs to something that this person may see."""

    def closed(self) -> QuerySet:
        """The pictures that not even the editors' library shows: one column, their keys."""


holders: list[Holder] = []


def register(holder: Holder) -> None:
    holders.append(holder)


def is_public(image_id: int) -> bool:
    return any(holder.is_public(image_id) for holder in holders)


def may_see(request: HttpRequest, image_id: int) -> bool:
    """Whether this person may see a picture that is not public."""
    return (
        image_id in request.session.get(OWN_KEY, ())
        or is_own_or_in_library(request.user, image_id)
        or any(holder.may_see(request, image_id) for holder in holders)
    )


def is_own_or_in_library(user: Any, image_id: int) -> bool:
    """Whether the person has uploaded the picture, or may use it in the admin."""
    if not user.is_authenticated:
        return False
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None or image.uploaded_by_user_id == user.pk:
        return image is not None
    policy = policy_registry.get_by_type(type(image))
    return user.has_perm(
        "wagtailadmin.access_admin"
    ) and policy.user_has_any_permission_for_instance(user, ["choose", "change", "delete"], image)


def remember(request: HttpRequest, image_id: int) -> None:
    """Note that this browser has uploaded the picture, so that its pages can show it."""
    own = [*request.session.get(OWN_KEY, ()), image_id]
    request.session[OWN_KEY] = own[-OWN_KEPT:]


def is_closed(image_id: int) -> bool:
    image = get_image_model().objects.filter(pk=image_id)
    return any(image.filter(pk__in=holder.closed()).exists() for holder in holders)
