"""The one way in for pictures: decoded within limits, upright, in sRGB, re-encoded, nameless."""

import contextlib
import io

import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms

pillow_heif.register_heif_opener()

# Raised whenever the cleaning removes more than before, so that `clean_images` finds older files.
VERSION = 1
MAX_BYTES = 20 * 1024 * 1024
# Unpacked whole, a picture takes up to four bytes for each of these.
MAX_PIXELS = 60_000_000
# A baseline JPEG is unpacked at a fraction of its size, so that large phone sensors fit as well.
MAX_JPEG_PIXELS = 170_000_000
MAX_SIDE = 2400
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF")

ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

TOO_LARGE = _("“%(name)s” is larger than 20 MB. Choose a smaller picture.")
TOO_MANY_PIXELS = _(
    "“%(name)s” has %(megapixels)d million pixels, and at most %(most)d million are possible. "
    "Make the picture smaller and choose it again."
)
NOT_A_PICTURE = _("“%(name)s” is not a picture that the portal can read. Choose a JPEG or PNG.")


class CleanPicture(ContentFile):
    """A picture that has been through `clean_picture`."""


def clean_picture(upload: File) -> CleanPicture:
    """The picture in `upload` as a JPEG, or as a PNG where it is partly transparent.

    Only the first frame is kept, turned as the camera meant it, at most `MAX_SIDE` pixels wide or
    high, in sRGB with eight bits per channel, and without any data beside the pixels (place, time,
    owner, thumbnails). Raises `ValidationError` with a sentence that names the file.
    """
    if isinstance(upload, CleanPicture):
        return upload
    name = str(upload.name).rsplit("/", 1)[-1][:80]
    if upload.size > MAX_BYTES:
        raise ValidationError(TOO_LARGE, code="file_too_large", params={"name": name})
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            check_pixels(picture, name)
            return encode(prepare(picture))
    except ValidationError:
        raise
    # Decoders raise whatever they like at a file that somebody has broken or built.
    except Exception as error:
        raise ValidationError(NOT_A_PICTURE, code="invalid_image", params={"name": name}) from error


def check_pixels(picture: Image.Image, name: str) -> None:
    """Refuse what would take too much memory, before a single pixel is unpacked."""
    baseline = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MAX_JPEG_PIXELS if baseline else MAX_PIXELS
    pixels = picture.width * picture.height
    if pixels > most:
        raise ValidationError(
            TOO_MANY_PIXELS,
            code="file_too_many_pixels",
            params={
                "name": name,
                "megapixels": round(pixels / 1_000_000),
                "most": most // 1_000_000,
            },
        )


def prepare(picture: Image.Image) -> Image.Image:
    """The first frame, upright and small enough, as "RGB" or "RGBA" in sRGB."""
    picture.seek(0)
    turn = TURNS.get(orientation(picture))
    profile = picture.info.get("icc_profile")
    if picture.format == "JPEG":
        picture.draft(None, (MAX_SIDE, MAX_SIDE))
    picture = eight_bits(picture)
    if picture.mode in ("P", "PA", "LA", "1") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    if turn is not None:
        picture = picture.transpose(turn)
    return in_srgb(picture, profile)


def orientation(picture: Image.Image) -> int:
    """How the camera was held, as EXIF counts it (1–8); upright where EXIF makes no sense."""
    with contextlib.suppress(Exception):
        return int(picture.getexif().get(ORIENTATION_TAG, 1))
    return 1


def eight_bits(picture: Image.Image) -> Image.Image:
    """Grey pictures with 16 bits, scaled to eight; Pillow itself would cut them off at white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """`picture` in sRGB; a profile that cannot be used is as good as none."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = ImageCms.profileToProfile(
                colours,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
            colours = converted or colours
    colours = colours.convert("RGB")
    if alpha and alpha.getextrema() != (255, 255):
        colours.putalpha(alpha)
    return colours


def encode(picture: Image.Image) -> CleanPicture:
    """Only the pixels: a copy carries nothing else into the new file."""
    buffer = io.BytesIO()
    pixels = Image.new(picture.mode, picture.size)
    pixels.paste(picture)
    if pixels.mode == "RGBA":
        pixels.save(buffer, "PNG")
        return CleanPicture(buffer.getvalue(), name="picture.png")
    pixels.save(buffer, "JPEG", quality=88, optimize=True)
    return CleanPicture(buffer.getvalue(), name="picture.jpg")
