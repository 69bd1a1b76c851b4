"""Cleaning of pictures that were stored before the cleaning was there, or knew less."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.images import get_image_model

from portal.foundation.images.cleaning import VERSION, clean_picture

logger = logging.getLogger(__name__)


def clean_stored_pictures() -> tuple[int, list[str]]:
    """Clean every stored picture that has yet to be; returns how many, and what failed.

    Safe to run twice and while the site is used: each picture is a transaction of its own, and one
    that cannot be read stays as it is, is reported and tried again the next time.
    """
    image_model = get_image_model()
    cleaned, failures = 0, []
    for pk in (
        image_model.objects.exclude(cleaning=VERSION).order_by("pk").values_list("pk", flat=True)
    ):
        try:
            cleaned += clean_stored(pk)
        except Exception as error:
            words = error.messages[0] if isinstance(error, ValidationError) else repr(error)
            logger.warning("Picture %s was not cleaned: %s", pk, words)
            failures.append(f"{pk}: {words}")
    return cleaned, failures


@transaction.atomic
def clean_stored(pk: int) -> bool:
    """Clean the file of one picture under a row lock; returns whether there was need to."""
    image = get_image_model().objects.select_for_update().filter(pk=pk).first()
    if image is None or image.cleaning == VERSION:
        return False
    storage, old_name, old_width = image.file.storage, image.file.name, image.width
    with image.open_file() as file:
        picture = clean_picture(file)
    image.file.save(old_name, picture, save=False)
    image._set_image_file_metadata()
    move_focal_point(image, scale=image.width / old_width)
    image.save()
    for rendition in image.renditions.all():
        rendition.delete()
    transaction.on_commit(lambda: storage.delete(old_name))
    return True


def move_focal_point(image, *, scale: float) -> None:
    """Keep what an editor has marked in its place when the picture was made smaller."""
    if scale == 1 or not image.has_focal_point():
        return
    for side in ("x", "y", "width", "height"):
        name = f"focal_point_{side}"
        setattr(image, name, round(getattr(image, name) * scale))
