"""Every mail is made in one place and leaves through one queue."""

import re
from pathlib import Path

from django.conf import settings

MAKES_MAIL = re.compile(r"\b(EmailMultiAlternatives|EmailMessage|send_mass_mail)\(")
BYPASSES_QUEUE = re.compile(
    r"post_office import mail|(?<!transaction\.)get_connection\(|Email\.objects\.create\("
)
APPS = ("portal", "marketplace", "inspiration", "search")


def modules_with(pattern):
    return {
        str(path.relative_to(settings.BASE_DIR))
        for app in APPS
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if pattern.search(path.read_text())
    }


def test_one_module_makes_mail():
    assert modules_with(MAKES_MAIL) == {"portal/foundation/mail/rendering.py"}


def test_one_module_puts_it_into_the_queue():
    assert modules_with(BYPASSES_QUEUE) == {"portal/foundation/mail/queue.py"}


def test_one_template_is_the_frame_of_every_mail():
    templates = (Path(settings.BASE_DIR) / "templates").rglob("email/*.html")

    assert [path.name for path in templates if "<html" in path.read_text()] == ["layout.html"]
