"""What is written about the settings can be trusted by the operator."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
READ = {
    name
    for path in (ROOT / "portal" / "settings").glob("*.py")
    if path.name != "test.py"
    for name in re.findall(r"\benv[.\w]*\(\s*\"([A-Z0-9_]+)\"", path.read_text())
}
# What only compose.yaml reads.
COMPOSE_ONLY = {"SITE_HOST", "POSTGRES_PASSWORD"}


def named_in(path):
    return set(re.findall(r"^\s*([A-Z][A-Z0-9_]+)[:=]", (ROOT / path).read_text(), re.MULTILINE))


def test_every_setting_from_the_environment_is_in_the_readme():
    readme = (ROOT / "README.md").read_text()

    assert READ
    assert {name for name in READ - {"DEBUG"} if f"`{name}`" not in readme} == set()


def test_the_example_of_an_environment_names_only_what_is_read():
    assert named_in(".env.example") - READ == COMPOSE_ONLY


@pytest.mark.parametrize("path", ["compose.yaml", "script/release", "README.md"])
def test_every_command_that_is_written_down_exists(path):
    written = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / path).read_text()))

    assert written
    assert written <= set(get_commands())


@pytest.mark.django_db
def test_a_portal_whose_cache_is_away_says_so_and_goes_on(client, settings):
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "portal.foundation.caching.TolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    answer = client.get(reverse("health_ready"))

    assert answer.status_code == 200
    assert answer.json()["checks"]["cache"] == "unavailable"
