"""What tests reach of what changes things, says who may what, and counts: a plugin of pytest.

`script/coverage` names it in PYTEST_PLUGINS, which every worker reads before Django loads a
model. slipcover writes its marks into the modules as they are imported; a mark that has been
reached once costs next to nothing, unlike a tracer on Python 3.11, which is called for each line.
"""

import json
import os
import sys
from pathlib import Path

from slipcover import FileMatcher, ImportManager, Slipcover

ROOT = Path(__file__).resolve().parent.parent
# A file from each process, which `script/coverage` adds up.
REACHED = ROOT / ".services/coverage"
ROOMS = ("inspiration", "marketplace", "portal", "search")


def is_measured(path: Path) -> bool:
    in_a_room = any(path.is_relative_to(ROOT / room) for room in ROOMS)
    named_so = path.name in {"services.py", "permissions.py"}
    return (in_a_room and named_so) or path.is_relative_to(ROOT / "marketplace/impact/figures")


def measured() -> list[str]:
    """The modules that are measured, as paths from the top."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if is_measured(path))
    return sorted(str(path.relative_to(ROOT)) for path in found)


class Measured(FileMatcher):
    def matches(self, filename) -> bool:
        path = Path(filename)
        return path.suffix == ".py" and is_measured(path) and super().matches(path)


early = [name for name in sys.modules if name.partition(".")[0] in ROOMS]
assert not early, f"imported before anything was measured: {early}"
# -1: marks stay where they are. To take them out, functions that threads are in would be exchanged.
slipcover = Slipcover(branch=True, d_miss_threshold=-1, exclude_also=["raise NotImplementedError"])
ImportManager(slipcover, Measured()).__enter__()


def pytest_sessionfinish():
    REACHED.mkdir(parents=True, exist_ok=True)
    reached = slipcover.get_coverage()
    (REACHED / f"{os.getpid()}.json").write_text(json.dumps(reached))
