"""A backup holds everything, and a restored portal sends nothing that had waited."""

import base64
import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import PRIORITY, STATUS, Email
from taggit.models import Tag

from marketplace.notifications.models import Notification
from portal.foundation import sealed
from portal.foundation.jobs.models import WorkerLane
from portal.foundation.mail import delivery
from portal.foundation.vault import Folder
from portal.site import backups
from tests.factories import ImageFactory, UserFactory

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.BACKUP_TO = str(tmp_path / "backups")
    settings.BACKUP_KEY = ""
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.mark.parametrize("size", [0, 1, sealed.CHUNK - 1, sealed.CHUNK, 3 * sealed.CHUNK + 7])
def test_what_is_sealed_can_be_opened_with_the_key(size):
    key, content = os.urandom(32), os.urandom(size)
    kept = io.BytesIO()
    with sealed.SealingWriter(kept, key) as writer:
        writer.write(content)

    assert sealed.SealedReader(io.BytesIO(kept.getvalue()), key).read() == content
    assert content[:50] not in kept.getvalue() or size < 50


@pytest.mark.parametrize("harm", ["another key", "changed", "cut off"])
def test_what_was_sealed_with_another_key_or_changed_or_cut_off_is_refused(harm):
    key, kept = os.urandom(32), io.BytesIO()
    with sealed.SealingWriter(kept, key) as writer:
        writer.write(os.urandom(2 * sealed.CHUNK + 5))
    found = bytearray(kept.getvalue())
    if harm == "another key":
        key = os.urandom(32)
    elif harm == "changed":
        found[500] ^= 1
    else:
        found = found[: len(found) - 40 - 5]

    with pytest.raises(sealed.WrongKey):
        sealed.SealedReader(io.BytesIO(bytes(found)), key).read()


def drill():
    """Make a backup, lose and change things, put it back."""
    Tag.objects.create(name="kept")
    image = ImageFactory()
    waiting = Email.objects.create(
        to=["a@example.org"],
        from_email="b@example.org",
        status=STATUS.queued,
        priority=PRIORITY.now,
    )
    told = Notification.objects.create(
        user=UserFactory(), key="n", type="reservation_expired", mailed_at=None
    )
    kept = backups.make()
    content = default_storage.open(image.file.name).read()

    Tag.objects.all().delete()
    Tag.objects.create(name="later")
    default_storage.delete(image.file.name)
    said = io.StringIO()
    call_command("restore", kept.name, yes=True, stdout=said)

    assert list(Tag.objects.values_list("name", flat=True)) == ["kept"]
    assert default_storage.open(image.file.name).read() == content
    waiting.refresh_from_db()
    told.refresh_from_db()
    assert waiting.status == STATUS.failed
    assert told.mailed_at is not None
    assert delivery.deliver_due() == 0
    assert delivery.send_again(email_id=waiting.pk).status == STATUS.queued
    assert "Restored" in said.getvalue()
    return kept


@pytest.mark.django_db(transaction=True)
def test_the_drill_brings_everything_back_and_sends_nothing():
    assert drill().name.endswith(".tar")


@pytest.mark.django_db(transaction=True)
def test_the_drill_works_with_a_sealed_backup_and_not_with_another_key(settings):
    settings.BACKUP_KEY = KEY
    kept = drill()
    assert kept.name.endswith(".sealed")
    settings.BACKUP_KEY = base64.b64encode(os.urandom(32)).decode()

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", kept.name, yes=True)
    assert list(Tag.objects.values_list("name", flat=True)) == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_restored_under_a_running_worker():
    kept = backups.make()
    WorkerLane.objects.create(name="alive")

    with pytest.raises(CommandError, match="worker is running"):
        call_command("restore", kept.name, yes=True)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_none_is_refused_before_anything_is_written(settings):
    settings.BACKUP_KEY = "secret"

    with pytest.raises(CommandError, match="openssl rand"):
        call_command("backup")
    assert backups.listed() == []


def test_old_backups_are_removed_but_never_the_last(settings, tmp_path):
    now = timezone.now()
    folder = Folder(tmp_path / "backups")
    for days in (100, 50, 10, 0):
        moment = (now - timedelta(days=days)).strftime("%Y%m%dT%H%M%SZ")
        (tmp_path / "empty").write_bytes(b"")
        folder.put(tmp_path / "empty", f"portal-{moment}.tar")
    (tmp_path / "backups" / "something else.tar").write_bytes(b"")

    assert backups.remove_old(now) == 2
    assert len(backups.listed()) == 2
    assert backups.remove_old(now + timedelta(days=999)) == 1
    assert (tmp_path / "backups" / "something else.tar").exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_can_be_kept_in_a_bucket(settings, tmp_path, bucket):
    settings.BACKUP_TO, settings.S3_ENDPOINT_URL = "s3://backups/portal", bucket
    default_storage.save("a/b.txt", ContentFile(b"words"))

    kept = backups.make()

    assert [each.name for each in backups.listed()] == [kept.name]
    with backups._opened(kept.name) as folder:
        assert (folder / "media/a/b.txt").read_bytes() == b"words"
    backups.vault().remove(kept.name)
    assert backups.listed() == []
