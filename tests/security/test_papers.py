"""The papers on security point at what is there."""

import re
from pathlib import Path

import pytest

from portal.settings import caches
from search.engines import connection

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "docs" / "security.md"


def test_every_test_and_module_that_the_paper_names_exists():
    text = PAPER.read_text()
    links = re.findall(r"\]\((\.\./[^)]+)\)", text)
    named = re.findall(r"`((?:portal|marketplace|search|inspiration)/[\w./]+)`", text)

    assert len(links) > 30
    missing = [link for link in links if not (PAPER.parent / link).exists()]
    missing += [name for name in named if not (PAPER.parents[1] / name).exists()]
    assert missing == []


def test_the_table_has_every_chapter_of_the_standard_and_a_verdict_in_each_row():
    rows = re.findall(r"^\| V(\d+)[^|]*\| ([^|]+) \| ([^|]+) \|$", PAPER.read_text(), re.M)

    assert {int(chapter) for chapter, _verdict, _why in rows} == set(range(1, 18))
    for chapter, verdict, why in rows:
        assert verdict.startswith(("held", "n.a.", "open")), chapter
        assert why.strip(), chapter


def services():
    """The text of each service of `compose.yaml` by its name."""
    text = (ROOT / "compose.yaml").read_text()
    part = re.search(r"^services:\n(.*?)^\w", text, re.M | re.S)[1]
    names = re.split(r"^  (\w+):\n", part, flags=re.M)[1:]
    return dict(zip(names[::2], names[1::2], strict=True))


@pytest.mark.parametrize(
    ("service", "asks"),
    [
        ("database", "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}"),
        ("elasticsearch", 'xpack.security.enabled: "true"'),
        ("elasticsearch", "ELASTIC_PASSWORD: *services-password"),
        ("cache", '--requirepass "$$CACHE_PASSWORD"'),
    ],
)
def test_what_the_portal_leans_on_asks_for_a_password_where_nobody_else_comes(service, asks):
    assert asks in services()[service]
    assert "networks: [inner]" in services()[service]
    assert "ports:" not in services()[service]


def test_the_proxy_alone_is_reached_from_outside_and_limits_bodies():
    assert [name for name, text in services().items() if "ports:" in text] == ["proxy"]
    assert "internal: true" in (ROOT / "compose.yaml").read_text()
    assert re.search(r"request_body \{\s+max_size \d+MB", (ROOT / "Caddyfile").read_text())


def test_the_portal_shows_the_passwords_that_the_services_ask_for(settings):
    settings.ELASTICSEARCH_URL = "http://elasticsearch:9200"
    settings.ELASTICSEARCH_PASSWORD = "p/a:s@s"
    cache = caches.tolerant(
        {"BACKEND": "django.core.cache.backends.redis.RedisCache"}, password="p/a:s@s"
    )

    assert connection.client()._headers["authorization"].startswith("Basic ")
    assert cache["OPTIONS"]["password"] == "p/a:s@s"
