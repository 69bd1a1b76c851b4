"""What docs/operation.md has run is there; the rest is of the machine."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "operation.md"
# What needs a whole machine, by its first word.
NOT_HERE = {
    "apt-get": "packages of the machine",
    "adduser": "people of the machine",
    "git": "the code is here",
    "docker": "containers",
    "systemctl": "services of the machine",
    "sudo": "the database of the machine",
    "cp": "files of the machine",
    "chmod": "files of the machine",
    "install": "folders of the machine",
    "set": "the shell itself",
}


def commands() -> list[str]:
    """Every command that the guide shows on a line of its own, without its remark."""
    lines = re.findall(r"^    (\S.*)$", GUIDE.read_text(), re.M)
    parts = [part for line in lines for part in line.split("    #")[0].split(" && ")]
    return [part.strip() for part in parts if not part.startswith("cd ")]


def test_everything_that_the_guide_has_run_is_there():
    known = get_commands()
    text = GUIDE.read_text()

    named = set(re.findall(r"manage\.py (\w+)", text))
    assert {"backup", "restore", "move_to"} <= named
    assert named - known.keys() == {"createsuperuser"} - known.keys()
    scripts = set(re.findall(r"script/[\w-]+", text))
    assert [each for each in scripts if not os.access(ROOT / each, os.X_OK)] == []
    units = set(re.findall(r"portal-[\w]+@?(?:\.\w+)?", text))
    files = {each.name.split(".")[0] for each in (ROOT / "deploy" / "systemd").iterdir()}
    assert {unit.split(".")[0] for unit in units} - files == set()


def test_every_command_is_of_the_portal_or_of_the_machine():
    first = {command.split()[0] for command in commands()}

    assert first - NOT_HERE.keys() == {
        ".",
        ".venv/bin/python",
        "runuser",
        "manage.py",
        "script/bootstrap",
    }


@pytest.mark.parametrize(
    "unit", sorted((ROOT / "deploy" / "systemd").glob("*.service")), ids=lambda unit: unit.name
)
def test_units_start_what_is_there(unit):
    started = re.search(r"^ExecStart=(.*)$", unit.read_text(), re.M)[1]
    program, *arguments = started.split()

    assert program.startswith("/opt/portal/")
    inside = program.removeprefix("/opt/portal/")
    assert inside.startswith(".venv/bin/") or os.access(ROOT / inside, os.X_OK)
    if "manage.py" in started:
        assert arguments[1].strip("'\"") in get_commands()


def test_the_shell_reads_the_example_of_the_settings():
    example = ROOT / "deploy" / "systemd" / "portal.env.example"
    line = f'set -a && . {example} && set +a && printf %s "$DEFAULT_FROM_EMAIL"'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True)

    assert done.stderr == ""
    assert done.stdout == "Återbruksportalen <aterbruk@example.org>"
