from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from inspiration.drawings import DRAWINGS
from portal import drawings

FILES = sorted(Path(settings.BASE_DIR, "portal/static/portal/img/illustrations").glob("*.svg"))


def test_every_drawing_that_an_editor_can_choose_exists():
    assert [name for name in DRAWINGS if not drawings.exists(name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_drawing_is_small_and_keeps_to_the_common_frame(path):
    svg = ElementTree.parse(path).getroot()  # noqa: S314  # our own file

    assert svg.get("viewBox") == "0 0 400 300"
    assert path.stat().st_size < 8_000
    assert b"http" not in path.read_bytes().replace(b"http://www.w3.org/2000/svg", b"")
