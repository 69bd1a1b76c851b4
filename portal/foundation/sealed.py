"""Files that only the holder of a key can read: AES-256-GCM, in chunks, so that any size fits.

Layout: `MAGIC`, 8 random bytes, then chunks of (length, cipher text). A chunk's nonce is those
bytes and its number; the last one is marked, so that a file that was cut off is noticed.
"""

import base64
import binascii
import io
import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"ABPSEAL1"
CHUNK = 1024 * 1024
LENGTH = struct.Struct(">I")


class WrongKey(Exception):
    """The file was sealed with another key, changed, or cut off."""


def read_key(text: str) -> bytes:
    """The 32 bytes in base64 `text`. Raises `ValueError` with what a key looks like."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ValueError("BACKUP_KEY must be 32 bytes as base64: openssl rand -base64 32")
    return key


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + LENGTH.pack(number)


class SealingWriter(io.RawIOBase):
    """Writes to `target` what only the holder of `key` can read. Close it to finish the file."""

    def __init__(self, target: BinaryIO, key: bytes):
        self.target, self.cipher = target, AESGCM(key)
        self.prefix, self.number, self.kept = os.urandom(8), 0, bytearray()
        target.write(MAGIC + self.prefix)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.kept += data
        while len(self.kept) > CHUNK:
            self._put(bytes(self.kept[:CHUNK]), b"more")
            del self.kept[:CHUNK]
        return len(data)

    def _put(self, data: bytes, kind: bytes) -> None:
        sealed = self.cipher.encrypt(_nonce(self.prefix, self.number), data, kind)
        self.target.write(LENGTH.pack(len(sealed)) + sealed)
        self.number += 1

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self.kept), b"last")
            super().close()


class SealedReader(io.RawIOBase):
    """Reads what `SealingWriter` has written. Raises `WrongKey`."""

    def __init__(self, source: BinaryIO, key: bytes):
        self.source, self.cipher = source, AESGCM(key)
        if source.read(len(MAGIC)) != MAGIC:
            raise WrongKey("This is not a sealed file.")
        self.prefix, self.number = source.read(8), 0
        self.kept, self.ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.kept and not self.ended:
            self.kept = self._next()
        part = self.kept[: len(buffer)]
        buffer[: len(part)] = part
        self.kept = self.kept[len(part) :]
        return len(part)

    def _next(self) -> bytes:
        head = self.source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise WrongKey("The file has been cut off.")
        sealed = self.source.read(LENGTH.unpack(head)[0])
        nonce = _nonce(self.prefix, self.number)
        self.number += 1
        try:
            return self.cipher.decrypt(nonce, sealed, b"more")
        except InvalidTag:
            pass
        try:
            opened = self.cipher.decrypt(nonce, sealed, b"last")
        except InvalidTag:
            raise WrongKey("Another key, or a file that was changed.") from None
        self.ended = True
        return opened
