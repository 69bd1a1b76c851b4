"""What the browser tests share."""

import pytest
from django.core.management import call_command


@pytest.fixture
def portal(transactional_db):
    """The portal as `setup_portal` leaves it."""
    from wagtail.models import Collection, Locale, Page

    # A transactional test starts without what Wagtail's migrations put in.
    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    call_command("setup_portal", verbosity=0)
