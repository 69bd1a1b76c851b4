"""A picture is cleaned on the one way in, or refused with a sentence."""

import io
import random
import struct
from pathlib import Path

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from portal.foundation.images.cleaning import MAX_SIDE, clean_picture

DATA = Path(__file__).parent / "data"
EXIF_TYPES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


def file(name):
    return ContentFile((DATA / name).read_bytes(), name=name)


def picture(image, kind="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return ContentFile(buffer.getvalue(), name=f"picture.{kind.lower()}")


def cleaned(upload):
    return Image.open(clean_picture(upload))


def random_exif(dice):
    """An EXIF block as no camera writes it: any tags, types, counts and values."""
    count = dice.randint(1, 8)
    entries = [struct.pack(">HHII", 0x0112, 3, 1, dice.randint(2, 8) << 16)]
    for _entry in range(count):
        tag = dice.choice([0x0100, 0x010E, 0x0128, 0x02BC, 0x8769, 0x8825, dice.randint(0, 0xFFFF)])
        kind = dice.choice([*EXIF_TYPES, dice.randint(0, 255)])
        amount = dice.choice([0, 1, 2, 3, 4, 9, dice.randint(0, 2**32 - 1)])
        entries.append(struct.pack(">HHII", tag, kind, amount, dice.randint(0, 2**32 - 1)))
    body = struct.pack(">H", len(entries)) + b"".join(entries) + struct.pack(">I", 0)
    return b"Exif\0\0MM\0*\0\0\0\x08" + body + dice.randbytes(dice.randint(0, 60))


def with_exif(block):
    plain = picture(Image.new("RGB", (40, 20), (200, 0, 0))).read()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]


@pytest.mark.parametrize("seed", range(5))
def test_no_exif_block_whatever_is_in_it_stops_a_photo_or_stays_in_it(seed):
    dice = random.Random(seed)

    for _round in range(100):
        found = cleaned(ContentFile(with_exif(random_exif(dice)), name="photo.jpg"))
        assert sorted(found.size) == [20, 40]
        assert "exif" not in found.info


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_file_is_a_picture_or_a_sentence_and_nothing_else(seed):
    dice = random.Random(seed)
    kinds = ["JPEG", "PNG", "GIF", "WEBP", "AVIF"]
    whole = [picture(Image.effect_noise((40, 30), 60), kind).read() for kind in kinds]
    whole += [(DATA / name).read_bytes() for name in ("display-p3.jpg", "grey-16-bit.png")]

    refused = 0
    for _round in range(200):
        damaged = bytearray(dice.choice(whole))
        for _byte in range(dice.randint(1, 12)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            clean_picture(ContentFile(bytes(damaged), name="photo.jpg"))
        except ValidationError as error:
            assert "photo.jpg" in error.messages[0]
            refused += 1

    assert 0 < refused < 200


@pytest.mark.parametrize(
    "name",
    [
        "exif-negative-long-in-long-tag.jpg",
        "exif-short-out-of-range-tag-0x128-long.jpg",
        "exif-undefined-in-int-tag.jpg",
        "exif-xmp-ascii.jpg",
    ],
)
def test_a_turned_photo_with_odd_metadata_is_turned_and_taken(name):
    assert cleaned(file(name)).size == (40, 80)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, (0, 0)),
        (2, (1, 0)),
        (3, (1, 1)),
        (4, (0, 1)),
        (5, (0, 0)),
        (6, (1, 0)),
        (7, (1, 1)),
        (8, (0, 1)),
    ],
)
def test_a_photo_is_turned_as_the_camera_was_held(orientation, corner):
    image = Image.new("RGB", (64, 32), "white")
    image.paste((200, 0, 0), (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation

    found = cleaned(picture(image, exif=exif, quality=95))

    assert found.size == ((64, 32) if orientation < 5 else (32, 64))
    x, y = (4 if not side else size - 5 for side, size in zip(corner, found.size, strict=True))
    red, green, _blue = found.getpixel((x, y))
    assert red > 150 > green


def test_colours_of_a_phone_are_converted_and_not_only_their_profile_dropped():
    found = cleaned(file("display-p3.jpg"))

    assert "icc_profile" not in found.info
    assert found.getpixel((5, 5)) == pytest.approx((255, 0, 0), abs=3)


def test_a_profile_that_is_nonsense_is_left_out():
    found = cleaned(picture(Image.new("RGB", (20, 20), (10, 200, 10)), icc_profile=b"nonsense" * 9))

    assert found.getpixel((5, 5)) == pytest.approx((10, 200, 10), abs=3)


def test_a_profile_of_another_kind_of_picture_is_left_out():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    found = cleaned(picture(Image.new("RGB", (20, 20), (10, 200, 10)), icc_profile=lab))

    assert found.getpixel((5, 5)) == pytest.approx((10, 200, 10), abs=3)


def test_grey_with_sixteen_bits_keeps_its_steps():
    found = cleaned(file("grey-16-bit.png"))

    steps = [found.getpixel((x, 32))[0] for x in (0, 16, 32, 48, 63)]
    assert steps == sorted(steps)
    assert 40 < steps[1] < steps[2] - 40 < steps[3] - 80 < 180


def test_a_print_picture_in_cmyk_has_its_colours():
    found = cleaned(picture(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), quality=95))

    red, green, blue = found.getpixel((5, 5))
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_a_transparent_logo_stays_transparent():
    found = cleaned(picture(Image.new("RGBA", (20, 20), (200, 0, 0, 100)), "PNG"))

    assert (found.format, found.mode, found.getpixel((5, 5))) == ("PNG", "RGBA", (200, 0, 0, 100))


def test_nothing_that_cameras_or_programs_write_beside_the_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "Sunshine preschool"
    exif.get_ifd(0x8825)[2] = (56.0, 2.0, 47.0)
    upload = picture(Image.new("RGB", (40, 20)), exif=exif, comment=b"secret comment")
    assert b"Sunshine" in upload.read()

    stored = clean_picture(upload).read()

    assert b"Exif" not in stored
    assert b"Sunshine" not in stored
    assert b"secret" not in stored


def test_what_is_hidden_behind_a_picture_is_gone():
    upload = picture(Image.new("RGB", (40, 20)), "PNG")
    hidden = ContentFile(upload.read() + b"<script>alert(1)</script>", name="a.png")

    assert b"<script>" not in clean_picture(hidden).read()


def test_a_panorama_of_64_megapixels_is_made_smaller():
    found = cleaned(picture(Image.new("RGB", (16000, 4000), (90, 120, 90)), quality=60))

    assert max(found.size) == MAX_SIDE


def test_too_many_pixels_are_refused_as_such_and_not_as_too_many_bytes():
    upload = picture(Image.new("L", (9000, 8000)), "PNG")

    with pytest.raises(ValidationError) as refusal:
        clean_picture(upload)

    assert "72" in refusal.value.messages[0]
    assert "MB" not in refusal.value.messages[0]


def test_a_photo_from_an_iphone_is_upright_and_small():
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = 6

    found = cleaned(picture(Image.new("RGB", (64, 32), (200, 0, 0)), "HEIF", exif=exif.tobytes()))

    assert (found.format, found.size) == ("JPEG", (32, 64))


def test_a_photo_that_was_cut_off_on_its_way_is_refused_with_its_name():
    with pytest.raises(ValidationError) as refusal:
        clean_picture(file("truncated.jpg"))

    assert "truncated.jpg" in refusal.value.messages[0]
