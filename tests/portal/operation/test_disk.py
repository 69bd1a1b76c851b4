"""The disk is full: what was typed is in the answer, no half file stays, health tells."""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.listings.models import MaterialListing
from portal.foundation.files import WholeFiles
from portal.foundation.images.models import CustomImage
from portal.foundation.unavailable import is_temporary
from tests.factories import CategoryFactory, CompanyFactory, MembershipFactory, picture_bytes
from tests.portal.operation.full_disk import FullDisk

OFFER = "/en/material/erbjud/"


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def full(media, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.portal.operation.full_disk.FullDisk"}
    }
    assert isinstance(storages["default"], FullDisk)
    return media


def files_in(folder: Path):
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_file_has_its_name_when_all_of_it_is_there(media):
    storage = WholeFiles(location=media)

    names = [storage.save("folder/a.txt", ContentFile(b"whole")) for _again in range(2)]

    assert names[0] == "folder/a.txt"
    assert names[1] != names[0]
    assert {each.read_bytes() for each in files_in(media)} == {b"whole"}
    assert len(files_in(media)) == 2


def test_no_half_file_stays(full):
    with pytest.raises(OSError, match="No space"):
        storages["default"].save("folder/a.txt", ContentFile(b"whole"))

    assert files_in(full) == []


@pytest.mark.django_db
def test_an_offer_with_a_photo_comes_back_with_all_that_was_typed(client, full, settings):
    CategoryFactory()
    client.force_login(MembershipFactory(organisation=CompanyFactory()).user)

    answer = client.post(
        OFFER,
        {
            "title": "Tubes of cardboard",
            "description": "A whole pallet",
            "photo_upload": "1",
            "photos": SimpleUploadedFile("a.jpg", picture_bytes(), "image/jpeg"),
        },
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The photo could not be saved just now" in page
    assert "Tubes of cardboard" in page
    assert "A whole pallet" in page
    assert files_in(full) == []
    assert not CustomImage.objects.exists()
    assert not MaterialListing.objects.exists()


@pytest.mark.django_db
def test_health_tells_of_files_that_cannot_be_written(client, full):
    checks = client.get("/halsa/redo").json()["checks"]

    assert checks["storage"] == "unavailable"


def test_a_full_disk_anywhere_else_is_come_back_in_a_moment():
    assert is_temporary(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert not is_temporary(FileNotFoundError(errno.ENOENT, "no such file"))
