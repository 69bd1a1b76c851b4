"""No pattern that is tried on what people write takes longer than it takes to read it."""

import importlib
import pkgutil
import re
import time

import pytest

import inspiration
import marketplace
import portal
import search

LENGTH = 3000
# Each is repeated: one sign that a pattern may take as several of its parts at the same time.
PIECES = [
    "@",
    "a@",
    "a",
    " ",
    "0",
    "0 ",
    "0.",
    "1,",
    ".",
    "-",
    "\n",
    "\n ",
    "<p",
    "a-",
    "A1",
    "+0/",
]
SECONDS = 2.0
# Settings check what they read, and the search of SQLite is imported on SQLite only.
LEFT_OUT = (".migrations", ".settings", "sqlite_search")


def patterns():
    """{where it is: pattern} of all that are written at the top of a module."""
    found = {}
    for package in (portal, marketplace, inspiration, search):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(part in module.name for part in LEFT_OUT):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found.setdefault(value, f"{module.name}.{name}")
    return {name: pattern for pattern, name in found.items()}


PATTERNS = patterns()


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_ends_whatever_is_written(name):
    pattern = PATTERNS[name]
    slow = []
    for piece in PIECES:
        text = piece * (LENGTH // len(piece))
        if isinstance(pattern.pattern, bytes):
            text = text.encode()
        began = time.process_time()
        pattern.search(text)
        pattern.fullmatch(text)
        if time.process_time() - began > SECONDS:
            slow.append(piece)

    assert not slow


def test_patterns_are_found():
    assert any(name.startswith("marketplace.") for name in PATTERNS)
    assert len(PATTERNS) > 30
