"""Writes what was measured, and on what, into docs/benchmarks.md."""

import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles

from . import stage

HOME = Path(__file__).parents[2]
PAGE, README = HOME / "docs" / "benchmarks.md", HOME / "README.md"
PACKAGES = ("Django", "wagtail", "elasticsearch", "psycopg", "granian")


def table(head, rows):
    """A table in Markdown; `rows` are lists of texts."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def verdict(holds):
    return "yes" if holds else "**no**"


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms"


def times(seconds):
    return f"median {milliseconds(middle(seconds))}, p95 {milliseconds(late(seconds))}"


def middle(seconds):
    return quantiles(seconds, n=2)[0]


def late(seconds):
    return quantiles(seconds, n=20)[-1]


def publish(title, text, *, summary, at_any_size=None):
    """Print a section, and put it in the place of the one before when measured at full size.

    `summary` are sentences for the README, where `<!-- measured: Title -->` stands.
    """
    section = f"## {title}\n\n{text.strip()}\n\n{circumstances()}\n"
    print(f"\n{section}")
    if not (stage.FULL_SIZE if at_any_size is None else at_any_size):
        print(f"Not written to {PAGE.name}: that is for the full size.")
        return
    page = PAGE.read_text(encoding="utf-8")
    old = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    page, found = old.subn(lambda _match: section, page)
    if not found:
        page = f"{page.rstrip()}\n\n{section}"
    PAGE.write_text(page, encoding="utf-8")
    begin, end = f"<!-- measured: {title} -->\n", "<!-- end -->"
    lines = "".join(f"- {sentence}\n" for sentence in (*summary, f"({machine()})"))
    readme = README.read_text(encoding="utf-8")
    before, found, rest = readme.partition(begin)
    if found:
        README.write_text(before + begin + lines + end + rest.partition(end)[2], encoding="utf-8")


def machine():
    return f"{date.today()}, {os.cpu_count()} cores of {processor()}, {memory()} GiB of memory"


def circumstances():
    """Machine, versions and date, in a sentence."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {machine()}, everything on the one machine (load average at the end {load}). "
        f"Python {platform.python_version()}, {packages}; {services()}."
    )


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def services():
    from django.db import connection

    from search.engines.connection import client, is_configured

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgresql = cursor.fetchone()[0].split()[0]
    if not is_configured():
        return f"PostgreSQL {postgresql}"
    node = client().info()
    heap = client().nodes.stats(metric="jvm")["nodes"].popitem()[1]["jvm"]["mem"]
    return (
        f"PostgreSQL {postgresql}, Elasticsearch {node['version']['number']} with "
        f"{heap['heap_max_in_bytes'] / 2**30:.0f} GiB of heap"
    )
