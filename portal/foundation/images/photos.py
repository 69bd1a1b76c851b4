"""Photos of something: the picture, its place and its text."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Orderable


class Photo(Orderable):
    """A photo of something; the subclass says of what, with a `ParentalKey` named "photos"."""

    image = models.ForeignKey(
        "portal.CustomImage", on_delete=models.CASCADE, related_name="+", verbose_name=_("image")
    )
    alt_text = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_("What the photo shows here. If left empty, the picture's own text is used."),
    )

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self):
        return self.alt_text or self.image.alt_text

    @property
    def shown(self):
        """The image with the text of this photo, which is reviewed together with its owner."""
        self.image.contextual_alt_text = self.alt_text or None
        return self.image


class HasPhotos:
    """What has `photos`, rows of its own kind of `Photo`."""

    photos: Any

    @property
    def cover(self) -> Any:
        """The first photo's image, or None."""
        photos = sorted(self.photos.all(), key=lambda photo: photo.sort_order or 0)
        return photos[0].shown if photos else None

    def set_photos(self, images: Iterable[tuple[Any, str]]) -> None:
        """Let it have these (image, alternative text), in order, once it is saved."""
        self.photos.set(
            [
                self.photos.model(image=image, alt_text=alt_text, sort_order=order)
                for order, (image, alt_text) in enumerate(images)
            ]
        )
