"""`script/faults [--short] [words of a name …]`"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/faults")
    parser.add_argument("names", nargs="*", help="only faults whose names have these words in them")
    parser.add_argument("--short", action="store_true", help="the faults that script/test tries")
    parser.add_argument("--database", default="", help="use this one, which has its tables already")
    parser.add_argument("--tables", default="", help="copy the tables of this database at first")
    parser.add_argument("--keep", action="store_true", help="leave logs and data where they are")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    # What we have started ends with us, however we end.
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-", dir="/var/tmp"))
    folder.chmod(0o755)
    print(f"Logs and data: {folder}", flush=True)
    from .site import Site

    about_search = any("Elasticsearch" in name for name in asked.names)
    searches = about_search or not (asked.names or asked.short)
    site = Site(folder, database_url=asked.database, searches=searches)
    os.environ.update(site.background | {"DATABASE_POOL_SIZE": "0", "LOG_LEVEL": "WARNING"})
    import django

    django.setup()
    try:
        return try_all(site, asked)
    finally:
        site.stop()
        if not asked.keep:
            shutil.rmtree(folder)


def try_all(site, asked) -> int:
    from . import table
    from .cases import FAULTS
    from .people import People
    from .trial import Trial

    chosen = [fault for fault in FAULTS if fault.is_short or not asked.short]
    chosen = [f for f in chosen if not asked.names or any(name in f.name for name in asked.names)]
    if asked.tables:
        site.postgres.copy(asked.tables)
    site.cache.start()
    site.prepare()
    people = People.arrive() if not asked.short else People.arrive(schools=8, companies=8)
    site.start()
    site.run("periodic")
    site.run("backup")
    trials = []
    for fault in chosen:
        trial = Trial(site, people, fault)
        trials.append(trial)
        trial.run()
        print(table.row(trial), flush=True)
        if not asked.short:
            table.write(trials, FAULTS)
    return sum(not trial.holds for trial in trials)


if __name__ == "__main__":
    raise SystemExit(main())
