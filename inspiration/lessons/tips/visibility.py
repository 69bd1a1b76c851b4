"""Who may see the pictures of tips."""

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.permissions import policy_registry

from inspiration.lessons.tips.models import LessonTip, TipPhoto
from marketplace.listings.photos.visibility import has_photo
from marketplace.organisations.permissions import own_organisations
from portal.foundation.images import visibility


class OfTips:
    """Everybody sees those of published tips; else the unit and those who review."""

    def is_public(self, image_id: int) -> bool:
        return TipPhoto.objects.filter(image_id=image_id, tip__live=True).exists()

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        if not request.user.is_authenticated:
            return False
        mine = own_organisations(request.user).order_by().values("pk")
        own = LessonTip.objects.filter(organisation__in=mine)
        reviewed = policy_registry.get_by_type(LessonTip).instances_user_has_any_permission_for(
            request.user, ["change", "view", "publish"]
        )
        return has_photo(own, image_id) or has_photo(reviewed, image_id)

    def closed(self) -> QuerySet:
        return TipPhoto.objects.none().values("image_id")


def register() -> None:
    visibility.register(OfTips())
