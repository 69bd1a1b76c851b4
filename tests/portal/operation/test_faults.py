"""What breaks is well again by itself: some of `script/faults`, with real processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.cases import FAULTS

ROOT = Path(__file__).parents[3]


def test_the_guide_says_what_to_do_about_every_fault():
    rows = re.findall(r"^\| (.*)$", (ROOT / "docs" / "operation.md").read_text(), re.M)

    missing = [each.name for each in FAULTS if not any(row.startswith(each.row) for row in rows)]
    assert missing == []


@pytest.mark.postgres
def test_nothing_is_lost_or_doubled_and_all_is_well_within_a_minute(database_of_its_own):
    """A web process killed, the same form twelve times, the cache away."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--short", "--database", database_of_its_own],
        cwd=ROOT,
        env=os.environ | {"WEB_PROCESSES": "2"},
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
