"""Who may see the photos of listings, and of forms that are not finished."""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.permissions import policy_registry

from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.listings.photos.models import PhotoUpload
from marketplace.organisations.permissions import own_organisations
from portal.foundation.images import visibility


class OfListings:
    """Everybody sees those of published listings; else the giver, who has asked, and reviewers."""

    def is_public(self, image_id: int) -> bool:
        return ListingPhoto.objects.filter(image_id=image_id, listing__live=True).exists()

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        if not request.user.is_authenticated:
            return False
        policy = policy_registry.get_by_type(MaterialListing)
        reviewed = policy.instances_user_has_any_permission_for(
            request.user, ["add", "change", "view", "publish"]
        )
        mine = own_organisations(request.user).order_by().values("pk")
        own = MaterialListing.objects.filter(organisation__in=mine)
        asked_for = MaterialListing.objects.filter(
            reservations__organisation__in=mine, photos__image=image_id
        )
        return has_photo(own, image_id) or asked_for.exists() or has_photo(reviewed, image_id)

    def closed(self) -> QuerySet:
        return ListingPhoto.objects.none().values("image_id")


def has_photo(listings: QuerySet, image_id: int) -> bool:
    """Whether one of `listings` has the picture, as it stands or in a change that waits."""
    if listings.filter(photos__image=image_id).exists():
        return True
    changed = listings.filter(has_unpublished_changes=True).exclude(latest_revision=None)
    versions = changed.values_list("latest_revision__content", flat=True)
    return any(
        photo.get("image") == image_id
        for content in versions.iterator()
        for photo in content.get("photos", [])
    )


class OfUnfinishedForms:
    """Only the uploader sees a photo in the form (`visibility.remember`)."""

    def is_public(self, image_id: int) -> bool:
        return False

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        return False

    def closed(self) -> QuerySet:
        return PhotoUpload.objects.values("image_id")


def register() -> None:
    visibility.register(OfListings())
    visibility.register(OfUnfinishedForms())
