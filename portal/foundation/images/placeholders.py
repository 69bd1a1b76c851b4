"""What stands in a picture's place when it cannot be shown: a list never dies of one row."""

import io
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile, File
from django.templatetags.static import static
from django.utils.encoding import filepath_to_uri
from PIL import Image
from wagtail.images.models import Filter, SourceImageIOError

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage as ImageBase
    from wagtail.images.models import AbstractRendition as RenditionBase
else:
    ImageBase = RenditionBase = object

logger = logging.getLogger(__name__)

PLACEHOLDER = "portal/img/broken-picture.svg"
PLACEHOLDER_COLOUR = "#eee6d6"
# How long a picture that failed is left alone: it is not decoded, nor reported, for each visitor.
REMEMBERED_SECONDS = 60 * 60


class BrokenPicture(SourceImageIOError):
    """A picture's file is missing, or no smaller picture can be made of it."""


class NeverBroken(ImageBase):
    """For the image model: a rendition that cannot be made is a placeholder, reported once."""

    def get_rendition(self, filter: Filter | str) -> Any:
        try:
            return super().get_rendition(filter)
        except SourceImageIOError:
            return self.placeholder(filter)

    def get_renditions(self, *filters: Filter | str) -> dict[str, Any]:
        try:
            return super().get_renditions(*filters)
        except SourceImageIOError:
            placeholders = [self.placeholder(filter) for filter in filters]
            return {each.filter_spec: each for each in placeholders}

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """Make the file of a rendition. Raises `BrokenPicture`, whatever a decoder raises."""
        key = f"broken-picture-{self.pk}-{self.file.name}"
        if cache.get(key):
            raise BrokenPicture(self.file.name)
        try:
            return super().generate_rendition_file(filter, source=source)
        except Exception as error:
            cache.set(key, True, REMEMBERED_SECONDS)
            logger.exception("Picture %s cannot be shown (%s).", self.pk, filter.spec)
            raise BrokenPicture(self.file.name) from error

    def placeholder(self, filter: Filter | str) -> Any:
        """An unsaved rendition with a plain surface in the place of the picture."""
        filter = filter if isinstance(filter, Filter) else Filter(spec=filter)
        width, height = filter.get_transform(self, (self.width or 4, self.height or 3)).size
        buffer = io.BytesIO()
        size = max(int(width), 1), max(int(height), 1)
        Image.new("RGB", size, PLACEHOLDER_COLOUR).save(buffer, "JPEG")
        rendition = self.get_rendition_model()(image=self, filter_spec=filter.spec)
        rendition.file = ContentFile(buffer.getvalue(), name="placeholder.jpg")
        rendition.is_placeholder = True
        return rendition


def media_url(name: str) -> str:
    return settings.MEDIA_URL + filepath_to_uri(name)


class MayBePlaceholder(RenditionBase):
    """For the rendition model: a placeholder's file is in memory, its address is static."""

    is_placeholder = False

    @property
    def url(self) -> str:
        """Always of this site: the storage's own would open the file to everybody."""
        return static(PLACEHOLDER) if self.is_placeholder else media_url(self.file.name)
