"""A secret that nobody has to choose: made once, kept in a file that only the portal reads."""

import os
from pathlib import Path
from secrets import token_urlsafe


def kept(path: Path) -> str:
    """The secret in `path`; made at the first call, also when several processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token_urlsafe(64))
        try:
            # The first writer decides, and nobody reads a partial file.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
