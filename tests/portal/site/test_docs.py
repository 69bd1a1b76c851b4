"""The papers are true: what they name is there."""

import io
import re
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).parents[3]
PAPERS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
NAMED = re.compile(r"`([a-z_-]+/[\w/.-]+\.(?:py|html|csv|md|toml|yaml|js|css))`")
LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# Other people's.
ELSEWHERE = {"wagtailadmin/widgets/date_input.html"}


def named():
    """Each file that a paper names, with the paper: {(paper, where the file should be)}."""
    for paper in PAPERS:
        text = paper.read_text()
        for name in NAMED.findall(text):
            if name not in ELSEWHERE:
                yield paper, ROOT / name
        for link in LINKED.findall(text):
            yield paper, paper.parent / link


def test_every_file_that_a_paper_names_is_there():
    found = list(named())

    missing = {
        (str(paper.relative_to(ROOT)), str(file)) for paper, file in found if not file.exists()
    }

    assert len(found) > 100
    assert not missing


def test_the_picture_of_the_data_model_is_that_of_today():
    made = io.StringIO()
    call_command("data_model", stdout=made)

    assert (ROOT / "docs/data-model.md").read_text().strip() == made.getvalue().strip()
