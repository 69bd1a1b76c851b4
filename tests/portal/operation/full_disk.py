"""A disk on which there is room for the first part of a file only."""

import errno
from collections.abc import Iterator

from django.core.files.base import File

from portal.foundation.files import WholeFiles


class Cut(File):
    """A file that the disk is full in the middle of."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"the first part"
        raise OSError(errno.ENOSPC, "No space left on device")


class FullDisk(WholeFiles):
    def _save(self, name: str, content: File) -> str:
        return super()._save(name, Cut(content))
