"""Photos from phones: checked, turned the right way up, cleaned of where they were taken."""

import io
from datetime import timedelta

import pillow_heif
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.models import OfferDraft, PhotoUpload
from marketplace.models.offers import SIGNER
from portal.models import CustomImage

pillow_heif.register_heif_opener()

MAX_BYTES = 20 * 1024 * 1024
# A phone's photo has 12–50 million pixels; beyond this it is a mistake or an attack.
MAX_PIXELS = 60_000_000
MAX_SIDE = 2400
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF")

TOO_LARGE = _("“%(name)s” is larger than 20 MB. Choose a smaller picture.")
NOT_A_PICTURE = _("“%(name)s” is not a picture that the portal can read. Choose a JPEG or PNG.")


def clean_photo(upload):
    """The photo in `upload` (an uploaded file) as a `ContentFile` with a JPEG that is safe to show.

    Only the first frame is kept, turned as the camera meant it, at most `MAX_SIDE` pixels wide or
    high, without any of the data that cameras add (place, time, owner). Raises `ValidationError`
    with a sentence that names the file.
    """
    params = {"name": str(upload.name)[:80]}
    if upload.size > MAX_BYTES:
        raise ValidationError(TOO_LARGE, params=params)
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            # The size is known before a single pixel is unpacked.
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(TOO_LARGE, params=params)
            picture.seek(0)
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            if picture.mode in ("RGBA", "LA", "P"):
                picture = picture.convert("RGBA")
                ground = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(ground, picture)
            buffer = io.BytesIO()
            picture.convert("RGB").save(buffer, "JPEG", quality=86, optimize=True)
    except ValidationError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise ValidationError(NOT_A_PICTURE, params=params) from None
    return ContentFile(buffer.getvalue(), name="photo.jpg")


def store_upload(upload, *, user=None):
    """Check and keep one photo; returns its `PhotoUpload`. Raises `ValidationError`."""
    file = clean_photo(upload)
    image = CustomImage(
        title=str(upload.name)[:100] or "photo",
        file=file,
        uploaded_by_user=user if user and user.is_authenticated else None,
    )
    image.save()
    return PhotoUpload.objects.create(image=image)


def sign(image):
    """The number of `image`, signed, as a page carries it."""
    return SIGNER.sign(image.pk)


def signed_images(values):
    """The images behind signed numbers, in the same order; forged and removed ones are left out."""
    numbers = []
    for value in values:
        try:
            numbers.append(int(SIGNER.unsign(value)))
        except (signing.BadSignature, ValueError):
            continue
    found = CustomImage.objects.in_bulk(numbers)
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def remove_unused():
    """Remove photos and unfinished offers that nobody came back to; returns how many."""
    now = timezone.now()
    drafts = OfferDraft.objects.filter(updated_at__lt=now - timedelta(days=OfferDraft.KEEP_DAYS))
    drafts.delete()
    left = PhotoUpload.objects.filter(created_at__lt=now - timedelta(days=PhotoUpload.KEEP_DAYS))
    count = 0
    for upload in left.select_related("image"):
        upload.image.delete()
        count += 1
    return count
