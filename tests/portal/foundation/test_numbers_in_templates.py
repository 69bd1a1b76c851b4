"""Keys, years and sizes are not amounts: they never get a thousands separator."""

import re

import pytest
from django.conf import settings

# Names of whole numbers that are not read as amounts.
NOT_AMOUNTS = r"(?:\w+_)?(?:pk|id|year|page_number)"
SIZES = r"(?:picture|image|chart|rendition)\.(?:width|height)"
SHOWN = re.compile(rf"\{{\{{\s*(?:(?:[\w.]+\.){NOT_AMOUNTS}|{SIZES})\s*\}}\}}")
GIVEN = re.compile(rf"=(?:[\w.]+\.){NOT_AMOUNTS}(?=\s)")
# `attrs.id` and the like are text already.
TEXT = re.compile(r"attrs\.id|\.auto_id")


def separated(source: str) -> list[str]:
    """What `source`, a template, writes with a separator although it is no amount."""
    given = [
        found.group()
        for tag in re.findall(r"\{% blocktrans.*?%\}", source)
        for found in GIVEN.finditer(tag)
    ]
    shown = [found.group() for found in SHOWN.finditer(source)]
    return [each for each in shown + given if not TEXT.search(each)]


@pytest.mark.parametrize(
    "source",
    [
        '<input value="{{ into.pk }}">',
        "{{ report.year }}",
        "{% blocktranslate with year=each.year trimmed %}{{ year }}{% endblocktranslate %}",
    ],
)
def test_a_number_without_a_format_is_found(source):
    assert separated(source)
    assert not separated(source.replace("pk", 'pk|stringformat:"d"').replace("year", "wide"))


def test_keys_years_and_sizes_are_written_as_they_are():
    folder = settings.BASE_DIR / "templates"

    wrong = {
        str(path.relative_to(folder)): found
        for path in folder.rglob("*")
        if path.suffix in {".html", ".txt", ".xml", ".typ"}
        and (found := separated(path.read_text()))
    }

    assert wrong == {}
