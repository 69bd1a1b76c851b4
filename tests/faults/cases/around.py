"""The cache, the disk, the clock, the version before, and the power."""

import shutil
import subprocess
import sys
from pathlib import Path

from ..trial import Fault, Trial

OLD_CODE = Path(__file__).parents[2] / "portal" / "operation" / "with_old_code.py"


def cache_gone(trial: Trial) -> None:
    trial.site.cache.stop()
    trial.must_see("cache", "unavailable")
    trial.rest(5)
    trial.site.cache.start()
    trial.recovered()


def disk_full(trial: Trial) -> None:
    """A file system of one megabyte, and all of it taken, in place of the folder of the files."""
    media = str(trial.site.media)
    size = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", media]
    if subprocess.run(size).returncode:
        trial.notes.append("not tried: this machine lets us mount nothing")
        return
    try:
        subprocess.run(["dd", "if=/dev/zero", f"of={media}/all", "bs=64k"], capture_output=True)
        trial.must_see("storage", "unavailable")
        trial.rest(5)
    finally:
        subprocess.run(["umount", "-l", media], check=True)
    trial.recovered()


def clock(trial: Trial) -> None:
    """Forward by eight days, in the regular steps, and back; and twice at the same time."""
    if shutil.which("faketime") is None:
        trial.notes.append("not tried: faketime is not installed")
        return
    manage = [sys.executable, "manage.py", "periodic"]
    env = trial.site.background | {"DATABASE_POOL_SIZE": "0"}
    for clocks in (["+8d", "+8d"], ["+0d", "+0d"]):
        runs = [
            subprocess.Popen(["faketime", "-f", by, *manage], env=env, stdout=subprocess.DEVNULL)
            for by in clocks
        ]
        ends = [run.wait(300) for run in runs]
        trial.must(not any(ends), f"the regular steps ended with {ends}")
    trial.recovered()


def version_before(trial: Trial) -> None:
    """What people do, with the code of the version before, on the schema of today."""
    from tests.portal.operation import released

    folder = trial.site.folder / "old"
    try:
        settings = released.unpack(folder)
    except released.Unavailable as error:
        trial.notes.append(f"not tried: {error}")
        return
    done = subprocess.run(
        [sys.executable, OLD_CODE],
        cwd=folder / "code",
        env=trial.site.background | settings,
        capture_output=True,
        text=True,
    )
    last = (done.stderr.strip().splitlines() or [""])[-1]
    trial.must(done.returncode == 0, f"old code: {last}")


def power_cut(trial: Trial) -> None:
    trial.site.cut()
    trial.must_see("", "no answer")
    trial.site.start()
    trial.recovered()


FAULTS = [
    Fault("the cache gone", cache_gone, row="`cache: unavailable`", is_short=True),
    Fault("the disk of the files full", disk_full, row="`storage: unavailable`", step="make room"),
    Fault("the clock eight days forward and back, periodic twice at once", clock, row="the clock"),
    Fault("old and new code together", version_before, row="`migrations: n missing`"),
    Fault("power cut (SIGKILL of everything) and start", power_cut, row="nothing answers"),
]
