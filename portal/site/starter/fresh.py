"""An empty SQLite database as the migrations leave it: a first start need not wait for them.

`manage.py fresh_database --renew` makes the file again. It may be older than the code: `migrate`
takes a copy on from where it stands, as it does with any other database.
"""

import gzip
import os
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

FILE = Path(__file__).with_name("fresh.sqlite3.gz")


def lay_down(path: Path) -> bool:
    """Unpack the database to `path`; False where there is one already, which stays as it is."""
    if path.exists() and path.stat().st_size:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under another name first, so that half a file is never taken for a database.
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(gzip.decompress(FILE.read_bytes()))
    half.replace(path)
    return True


def pack(path: Path) -> None:
    """Let the migrated database at `path` be what a first start begins with."""
    with TemporaryDirectory() as folder:
        compact = Path(folder) / "compact.sqlite3"
        database = sqlite3.connect(path)
        database.execute("VACUUM INTO ?", [str(compact)])
        database.close()
        FILE.write_bytes(gzip.compress(compact.read_bytes(), mtime=0))
