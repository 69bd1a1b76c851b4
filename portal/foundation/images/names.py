"""Names of stored pictures: random, so that nobody finds one who was not shown its address."""

import secrets
from pathlib import PurePosixPath

FOLDER = "original_images"


def random_name(filename: str) -> str:
    """A new path below the media root with the ending of `filename`, and nothing else of it."""
    return f"{FOLDER}/{secrets.token_hex(16)}{PurePosixPath(filename).suffix.lower()}"
