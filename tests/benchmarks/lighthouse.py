"""Lighthouse's four scores of the main pages, on a phone, from the demo as production serves it.

    script/lighthouse

Prints a table, writes it into docs/lighthouse.md, and fails where a score is below 95. Each page is
opened three times; the score is the median. Needs npm and Chromium.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import django

from tests.faults.services import free_port

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOWEST, RUNS, ATTEMPTS = 95, 3, 3
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "lighthouse.md"
TITLE = "Scores"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.lighthouse_settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("demo", here=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with served(settings.MEDIA_ROOT) as server:
        scores = {name: measure(server + path) for name, path in addresses().items()}
    publish(scores)
    too_low = [name for name, each in scores.items() if min(each.values()) < LOWEST]
    sys.exit(f"Below {LOWEST}: {', '.join(too_low)}" if too_low else 0)


def addresses():
    """The pages that are measured: {name: address}."""
    from django.urls import reverse

    from inspiration.lessons.models import LessonIdeaPage
    from marketplace.listings.models import MaterialListing

    photographed = MaterialListing.objects.available().filter(photos__isnull=False)
    lessons = LessonIdeaPage.objects.live().filter(locale__language_code="sv")
    return {
        "Home": "/",
        "Search": reverse("search:material"),
        "Listing": photographed.order_by("pk").first().get_absolute_url(),
        "Lesson idea": lessons.order_by("pk").first().url,
    }


@contextmanager
def served(media):
    """The address of a server, which answers as long as the block runs."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--static-path-route", "/media", "--static-path-mount", str(media)),
        "portal.wsgi:application",
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://localhost:{port}/halsa/live")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(address, seconds=60):
    for _attempt in range(seconds):
        try:
            with urlopen(address):  # noqa: S310  # our own server
                return
        except URLError:
            time.sleep(1)
    sys.exit(f"Nothing answers at {address}.")


def measure(address):
    """{category: median score} of a page."""
    # The first visit makes the sizes of its pictures and is not counted.
    with urlopen(address):  # noqa: S310  # our own server
        pass
    with TemporaryDirectory() as folder:
        reports = [run(address, Path(folder, f"{number}.json")) for number in range(RUNS)]
    for report in reports:
        explain(report)
    return {
        category: round(median(each["categories"][category]["score"] * 100 for each in reports))
        for category in CATEGORIES
    }


def run(address, path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    command = [
        *("npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json"),
        *(f"--output-path={path}", f"--only-categories={','.join(CATEGORIES)}"),
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    # Sometimes Chromium does not record where a page begins, and Lighthouse asks to be run again.
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium})
        if not done.returncode:
            return json.loads(path.read_text())
    sys.exit(f"Lighthouse could not measure {address}.")


def explain(report):
    """Print what takes points from a report."""
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"  {category['id']}: {audit['title']} {audit.get('displayValue', '')}")


def publish(scores):
    """Print the table, and put it in the place of the last one."""
    rows = [
        "| page | performance | accessibility | best practices | SEO |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {' | '.join(str(each[category]) for category in CATEGORIES)} |"
            for name, each in scores.items()
        ),
    ]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    section = "\n".join(
        [
            f"## {TITLE}",
            "",
            f"`script/lighthouse`: {LIGHTHOUSE} as a phone on a slow network, with the demo served",
            f"by granian and compressed. The median of {RUNS} visits; {LOWEST} is the least.",
            "",
            *rows,
            "",
            f"Measured {date.today()} on {os.cpu_count()} cores (load average at the end {load}).",
            "",
        ]
    )
    print(f"\n{section}")
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# What Lighthouse says\n"
    old = re.compile(rf"## {TITLE}\n.*?(?=\n## |\Z)", re.DOTALL)
    page, found = old.subn(lambda _match: section, page)
    if not found:
        page = f"{page.rstrip()}\n\n{section}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
