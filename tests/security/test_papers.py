"""The papers on security point at what is there."""

import re
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

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


def test_each_row_that_holds_names_a_test():
    held = re.findall(r"^\| (V[^|]+) \| held \| (.+) \|$", PAPER.read_text(), re.M)

    assert len(held) > 40
    assert [name for name, why in held if not re.search(r"\]\(\.\./tests/\S+\.py\)", why)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_names_each_package_by_version_and_hash(name):
    packages = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.M | re.I)[1:]

    assert len(packages) > 50
    unsure = [each.splitlines()[0] for each in packages if "==" not in each.splitlines()[0]]
    unsure += [each.splitlines()[0] for each in packages if "--hash=sha256:" not in each]
    assert unsure == []


def test_the_image_is_made_with_the_list_of_its_components():
    recipe = (ROOT / "Containerfile").read_text()

    assert "RUN script/sbom sbom.json" in recipe
    assert "sbom.json /portal/sbom.json" in recipe


@pytest.fixture
def auditing():
    """`script/audit` as a module."""
    loader = SourceFileLoader("auditing", str(ROOT / "script" / "audit"))
    module = ModuleType(loader.name)
    module.__file__ = loader.path
    loader.exec_module(module)
    return module


KNOWN = {"name": "django", "version": "1.0", "vulns": []}
ADVISORY = {"id": "CVE-1", "fix_versions": ["1.1"]}


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        ([KNOWN], 0, "No known advisory"),
        ([KNOWN | {"vulns": [ADVISORY]}], 1, "django 1.0: CVE-1, fixed in 1.1"),
        ([KNOWN | {"skip_reason": "not found"}], 0, "NOT CHECKED"),
        (None, 0, "NOT CHECKED"),
    ],
)
def test_the_audit_says_what_it_found_and_when_it_could_not_look(
    auditing, monkeypatch, capsys, answer, code, says
):
    monkeypatch.setattr(auditing, "audit", lambda lock, source: answer)
    monkeypatch.setattr(auditing.sys, "argv", ["audit"])

    assert auditing.main() == code
    assert says in capsys.readouterr().out


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
