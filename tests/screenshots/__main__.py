"""The pictures of README and docs, taken of the demo as production serves it.

    script/screenshots

Writes docs/screenshots/<page>-<window>-<scheme>.webp. Needs Chromium.
"""

import io
import os
import shutil
import time
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.benchmarks.lighthouse import served

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
WINDOWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
SCHEMES = ("light", "dark")
# Of 100; lower shows on the letters.
QUALITY = 82
NOBODY, SCHOOL, EDITOR = "", "skola@demo.example", "redaktor@demo.example"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.screenshots.settings")
    # Playwright's own loop would make Django refuse to read the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("demo", here=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    FOLDER.mkdir(exist_ok=True)
    with served(settings.MEDIA_ROOT) as server, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for window, size in WINDOWS.items():
            for scheme in SCHEMES:
                take_all(browser, server, window, size, scheme)
        browser.close()


def pages():
    """What is shown, and as whom: {name: (who, path)}."""
    from inspiration.lessons.models import LessonIdeaPage
    from marketplace.listings.models import MaterialListing

    photographed = MaterialListing.objects.available().filter(photos__isnull=False)
    lessons = LessonIdeaPage.objects.live().filter(locale__language_code="sv")
    return {
        "home": (NOBODY, "/"),
        "search": (NOBODY, "/sok/?q=papp"),
        "listing": (NOBODY, photographed.order_by("pk").first().get_absolute_url()),
        "lesson": (NOBODY, lessons.order_by("pk").first().url),
        "my-page": (SCHOOL, "/mitt/"),
        "queue": (EDITOR, "/admin/ko/"),
    }


def take_all(browser, server, window, size, scheme):
    """Take every page in one kind of window and colours."""
    for name, (who, path) in pages().items():
        context = browser.new_context(
            **size, base_url=server, locale="sv-SE", color_scheme=scheme, service_workers="block"
        )
        if who:
            context.add_cookies([session_of(who, server)])
        page = context.new_page()
        # The first visit makes the sizes of its pictures.
        page.goto(path, wait_until="networkidle")
        page.goto(path, wait_until="networkidle")
        save(page.screenshot(), FOLDER / f"{name}-{window}-{scheme}.webp")
        context.close()


def session_of(email, server):
    """The cookie of somebody who has signed in."""
    from django.test import Client

    from portal.foundation.users.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    session = client.session
    # When and how, as django-allauth notes it: a session that does not say has ended.
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}


def save(picture, path):
    """Write a picture small."""
    Image.open(io.BytesIO(picture)).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
    print(path.name)


main()
