"""Photos that people send with a form, from the upload until a listing or an idea has them."""

import io
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from PIL import Image

from marketplace.listings.photos.models import PhotoUpload
from portal.foundation.images import visibility
from portal.foundation.images.cleaning import clean_picture
from portal.foundation.images.models import CustomImage

HOLDER_KEY = "photo_holder"


class References:
    """Signed numbers of photos, as a form carries them from one try to the next.

    Each is good for one `purpose` (such as "offer" or "listing:7"), one holder (the signed-in
    person, else the browser's session) and `VALID_DAYS`.
    """

    VALID_DAYS = 7

    def __init__(self, request: HttpRequest, *, purpose: str) -> None:
        self.request = request
        self.purpose = purpose

    def sign(self, image: CustomImage) -> str:
        return self._signer(self._holder()).sign(str(image.pk))

    def number(self, value: str) -> int | None:
        """The primary key that `value` stands for, or None when it is not good here."""
        for holder in self._holders():
            try:
                age = timedelta(days=self.VALID_DAYS)
                return int(self._signer(holder).unsign(value, max_age=age))
            except (signing.BadSignature, ValueError):
                continue
        return None

    def images(self, values: Iterable[str]) -> list[CustomImage]:
        """The images behind `values`, in their order; what is not good here is left out."""
        numbers = [number for value in values if (number := self.number(value))]
        return in_order(numbers)

    def remember(self, image: CustomImage) -> None:
        """Let the page that carries the reference show the picture."""
        visibility.remember(self.request, image.pk)

    def _signer(self, holder: str) -> signing.TimestampSigner:
        return signing.TimestampSigner(salt=f"photo|{self.purpose}|{holder}")

    def _holder(self) -> str:
        """Who gets a reference now; a visitor is known by a random mark in the session."""
        if self.request.user.is_authenticated:
            return f"user:{self.request.user.pk}"
        if HOLDER_KEY not in self.request.session:
            self.request.session[HOLDER_KEY] = secrets.token_urlsafe(16)
        return f"session:{self.request.session[HOLDER_KEY]}"

    def _holders(self) -> list[str]:
        """Whose references are good: after signing in also those from just before."""
        holders = []
        if self.request.user.is_authenticated:
            holders.append(f"user:{self.request.user.pk}")
        if HOLDER_KEY in self.request.session:
            holders.append(f"session:{self.request.session[HOLDER_KEY]}")
        return holders


def in_order(numbers: Iterable[int]) -> list[CustomImage]:
    """The images with these primary keys, in the same order, without those that are gone."""
    numbers = list(dict.fromkeys(numbers))
    found = CustomImage.objects.in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


@transaction.atomic
def store_upload(upload: File, *, user: Any = None) -> PhotoUpload:
    """Clean and keep one photo. Raises `ValidationError`, or `STORAGE_ERRORS` and keeps nothing."""
    image = CustomImage(
        title=str(upload.name)[:100] or "photo",
        file=clean_picture(upload),
        uploaded_by_user=user if user and user.is_authenticated else None,
    )
    image.save()
    return PhotoUpload.objects.create(image=image)


def turn(image: CustomImage, *, user: Any = None) -> PhotoUpload:
    """A new photo that is `image` turned a quarter to the right.

    The old one stays as it is: it may be part of something that is published.
    """
    with image.open_file() as file, Image.open(file) as picture:
        turned = picture.transpose(Image.Transpose.ROTATE_270)
        buffer = io.BytesIO()
        turned.save(buffer, "PNG" if picture.format == "PNG" else "JPEG", quality=95)
    return store_upload(ContentFile(buffer.getvalue(), name=image.title), user=user)


def name_new(images: Iterable[CustomImage], *, title: str, alt_texts: Iterable[str]) -> None:
    """Give photos that nothing has used yet a title and an alternative text of their own."""
    unused = set(PhotoUpload.objects.filter(image__in=images).values_list("image_id", flat=True))
    for image, alt_text in zip(images, alt_texts, strict=True):
        if image.pk in unused:
            image.title, image.alt_text = title[:255], alt_text
            image.save(update_fields=["title", "alt_text"])


def remove_unused() -> int:
    """Remove photos that nobody came back to; returns how many."""
    now = timezone.now()
    left = PhotoUpload.objects.filter(created_at__lt=now - timedelta(days=PhotoUpload.KEEP_DAYS))
    count = 0
    for upload in left.select_related("image"):
        upload.image.delete()
        count += 1
    return count
