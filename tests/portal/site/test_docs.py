"""The papers are true: what they name is there."""

import io
import re
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).parents[3]
PAPERS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
NAMED = re.compile(r"`([a-z_-]+/[\w/.-]+\.(?:py|html|csv|md|toml|yaml|js|css))`")
LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# Django's own, the same in every app.
SHARED = {"migrations", "management", "commands", "templatetags"}
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


def rooms():
    """Every package of ours, where it is."""
    for app in ("portal", "marketplace", "inspiration", "search"):
        for package in (ROOT / app).rglob("__init__.py"):
            path = package.parent.relative_to(ROOT)
            if not {*SHARED, "formats"} & {*path.parts[:-1]}:
                yield path


def test_every_room_is_named_in_the_architecture():
    table = (ROOT / "docs/architecture.md").read_text().split("Inside a subject:")[0]
    named = {f"/{name}" for name in re.findall(r"`([\w/]+)/`", table)}
    found = [str(path) for path in rooms() if len(path.parts) > 1 and path.name not in SHARED]

    unnamed = [path for path in found if not any(f"/{path}".endswith(name) for name in named)]

    assert len(found) > 80
    assert not unnamed


def test_the_picture_of_the_data_model_is_that_of_today():
    made = io.StringIO()
    call_command("data_model", stdout=made)

    assert (ROOT / "docs/data-model.md").read_text().strip() == made.getvalue().strip()
