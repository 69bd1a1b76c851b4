from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import ListingFactory

COMPONENTS = Path(settings.BASE_DIR, "templates/components")


@pytest.mark.django_db
@pytest.mark.urls("tests.browser.urls")
def test_the_style_guide_shows_every_component(client):
    ListingFactory()

    shown = {template.name for template in client.get("/stilguide/").templates}

    assert {f"components/{path.name}" for path in COMPONENTS.glob("*.html")} - shown == set()


@pytest.mark.django_db
def test_visitors_do_not_find_the_style_guide(client):
    assert client.get("/stilguide/").status_code == 404
