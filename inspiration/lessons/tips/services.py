"""Services for tips about lessons: send one for review, remove it."""

from collections.abc import Iterable

from django.db import transaction

from inspiration.lessons.tips.models import LessonTip
from marketplace.listings.photos.models import PhotoUpload
from marketplace.materials.models import MaterialCategory
from marketplace.review.services import send_for_review
from portal.foundation.images.models import CustomImage
from portal.foundation.users.models import User


@transaction.atomic
def submit_tip(
    *,
    tip: LessonTip,
    images: Iterable[tuple[CustomImage, str]],
    categories: Iterable[MaterialCategory],
    by: User,
) -> LessonTip:
    """Save `tip` and send it to the editors. A published one stays as it is until they approve.

    `images` are saved pictures in order, each with its alternative text.
    """
    images = list(images)
    tip.categories.set(list(categories))
    tip.set_photos(images)
    if tip.pk is None:
        tip.live = False
        tip.created_by = by
        tip.save()
    revision = tip.save_revision(user=by, log_action=True)
    PhotoUpload.objects.filter(image__in=[image for image, _text in images]).delete()
    send_for_review(tip, version=revision.as_object(), by=by)
    return tip


@transaction.atomic
def remove_tip(*, tip: LessonTip, by: User | None = None) -> None:
    """Remove a tip with its pictures and its review, published or not."""
    if state := tip.current_workflow_state:
        state.cancel(user=by)
    latest = tip.get_latest_revision_as_object()
    images = {photo.image for version in (tip, latest) for photo in version.photos.all()}
    tip.delete()
    for image in images:
        image.delete()
