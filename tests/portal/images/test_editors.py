"""Editors' pictures are cleaned like everybody's, and one that is broken breaks nothing."""

import json
import logging
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from portal.foundation.images.models import CustomImage
from tests.factories import ImageFactory, SuperuserFactory, picture_bytes

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
EDITOR = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor(client):
    user = SuperuserFactory()
    client.force_login(user, backend=EDITOR)
    return user


def with_place():
    """A photo that says where it was taken and what it shows."""
    exif = Image.Exif()
    exif[0x010E] = "Sunshine preschool"
    exif.get_ifd(0x8825)[2] = (56.0, 2.0, 47.0)
    image = Image.new("RGB", (40, 20), (181, 101, 29))
    file = ContentFile(b"", name="IMG_1.jpg")
    image.save(file, "JPEG", exif=exif)
    file.seek(0)
    assert b"Sunshine" in file.read()
    file.seek(0)
    return SimpleUploadedFile("IMG_1 kalle svensson.jpg", file.read(), "image/jpeg")


def fields(prefix="", **changes):
    values = {"title": "A box", "alt_text": "A brown box", "collection": "1", "tags": ""} | changes
    return {f"{prefix}{name}": value for name, value in values.items()}


def upload_singly(client):
    return client.post(reverse("wagtailimages:add"), fields(file=with_place()))


def upload_with_others(client):
    response = client.post(
        reverse("wagtailimages:add_multiple"), {"title": "A box", "files[]": with_place()}
    )
    answer = json.loads(response.content)
    number = answer["uploaded_file_id"]
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    return client.post(address, fields(prefix=f"uploaded-image-{number}-"))


def upload_in_a_page(client):
    address = reverse("wagtailimages_chooser:create")
    return client.post(address, fields(prefix="image-chooser-upload-", file=with_place()))


@pytest.mark.parametrize("upload", [upload_singly, upload_with_others, upload_in_a_page])
def test_an_editors_picture_keeps_neither_place_nor_file_name(client, editor, tmp_path, upload):
    response = upload(client)

    assert response.status_code in (200, 302)
    image = CustomImage.objects.get()
    stored = image.file.read()
    assert image.file.name.startswith("original_images/")
    assert "kalle" not in image.file.name
    assert (b"Sunshine" in stored, b"Exif" in stored) == (False, False)
    assert (image.width, image.height, image.file_size) == (40, 20, len(stored))
    for path in (tmp_path / "images").rglob("*"):
        assert path.is_dir() or b"Exif" not in path.read_bytes()


@pytest.mark.parametrize("name", ["exif-xmp-ascii.jpg", "grey-16-bit.png"])
def test_a_picture_with_odd_data_can_be_seen_everywhere_in_the_admin(client, editor, name):
    upload = SimpleUploadedFile(name, (DATA / name).read_bytes(), "image/jpeg")

    client.post(reverse("wagtailimages:add"), fields(file=upload))

    image = CustomImage.objects.get()
    assert client.get(reverse("wagtailimages:index")).status_code == 200
    assert client.get(reverse("wagtailimages:edit", args=[image.pk])).status_code == 200
    assert image.get_rendition("width-20").width == 20


def test_a_file_that_is_no_picture_is_refused_beside_the_field_of_the_editor(client, editor):
    upload = SimpleUploadedFile("cut.jpg", (DATA / "truncated.jpg").read_bytes(), "image/jpeg")

    response = client.post("/admin/images/add/", fields(file=upload))

    assert "cut.jpg" in str(response.context["form"].errors["file"])
    assert not CustomImage.objects.exists()


def broken(**fields):
    """A picture whose file was damaged after it had been stored."""
    image = ImageFactory(**fields)
    path = Path(image.file.path)
    path.write_bytes(path.read_bytes()[:200])
    return image


def test_a_broken_picture_is_a_placeholder_in_the_admin_and_is_reported_once(
    client, editor, caplog
):
    image, whole = broken(), ImageFactory()
    caplog.set_level(logging.ERROR, logger="portal.foundation.images")

    for _visit in range(2):
        listed = client.get(reverse("wagtailimages:index"))
        chosen = client.get(reverse("wagtailimages_chooser:choose"))
        own = client.get(reverse("wagtailimages:edit", args=[image.pk]))
        assert (listed.status_code, chosen.status_code, own.status_code) == (200, 200, 200)
        assert "broken-picture.svg" in listed.content.decode()

    shown = whole.renditions.get(filter_spec="max-165x165")
    assert shown.url in listed.content.decode()
    reports = [each for each in caplog.records if str(image.pk) in each.getMessage()]
    assert len(reports) == 1


def test_a_missing_file_is_a_placeholder_of_the_size_that_was_asked_for():
    image = ImageFactory()
    Path(image.file.path).unlink()

    found = image.get_renditions("fill-30x20|format-webp", "width-16")

    assert [each.is_placeholder for each in found.values()] == [True, True]
    assert (found["fill-30x20|format-webp"].width, found["width-16"].width) == (30, 16)
    assert Image.open(found["width-16"].file.open("rb")).width == 16
    assert not image.renditions.exists()


def uncleaned(content, name="old.jpg"):
    """A picture as versions before the cleaning have stored it."""
    image = ImageFactory()
    Path(image.file.path).write_bytes(content)
    CustomImage.objects.filter(pk=image.pk).update(cleaning=0)
    return image


def test_the_command_cleans_stored_pictures_once_and_goes_on_after_a_broken_one():
    first = uncleaned(with_place().read())
    damaged = uncleaned(picture_bytes()[:150])
    last = uncleaned(with_place().read())
    out = StringIO()

    with pytest.raises(CommandError, match=f"{damaged.pk}:"):
        call_command("clean_images", stdout=out)
    with pytest.raises(CommandError):
        call_command("clean_images", stdout=out)

    assert out.getvalue().splitlines() == ["2 pictures cleaned.", "0 pictures cleaned."]
    for image in (first, last):
        image.refresh_from_db()
        assert b"Sunshine" not in Path(image.file.path).read_bytes()
        assert image.file_size == image.file.size
    assert not first.renditions.exists()
    assert Path(damaged.file.path).exists()


def test_the_command_leaves_no_old_file_behind(django_capture_on_commit_callbacks):
    image = uncleaned(with_place().read())
    old_files = [Path(image.file.path), Path(image.get_rendition("width-20").file.path)]

    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_images", stdout=StringIO())

    assert [path.exists() for path in old_files] == [False, False]
