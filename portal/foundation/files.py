"""Uploaded files on disk: whole or not at all; and how a disk or storage says that it cannot."""

import contextlib
import errno
import os
import uuid
from importlib.util import find_spec

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

# What a disk says that is full or cannot be written just now; other errors are ours.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE}


def storage_errors() -> tuple[type[Exception], ...]:
    """What saving a file may raise where the disk or the storage is the reason."""
    if find_spec("botocore") is None:
        return (OSError,)
    from botocore.exceptions import BotoCoreError, ClientError

    return (OSError, BotoCoreError, ClientError)


STORAGE_ERRORS = storage_errors()


def is_storage_away(error: BaseException | None) -> bool:
    """Whether `error` is a disk that is full or read-only, or a storage that does not answer."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, STORAGE_ERRORS)


class WholeFiles(FileSystemStorage):
    """Django's storage, apart from that no half file ever has its name.

    It is written under another name and gets its own when all of it is there.
    """

    PARTS = "parts"

    def _save(self, name: str, content: File) -> str:
        part = f"{self.PARTS}/{uuid.uuid4().hex}"
        try:
            super()._save(part, content)  # type: ignore[misc]  # the stubs leave it out
            return self._name(part, name)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(part))

    def _name(self, part: str, name: str) -> str:
        """Give the finished file its name, or the next free one."""
        while True:
            target = self.path(name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            try:
                os.link(self.path(part), target)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name.replace("\\", "/")
