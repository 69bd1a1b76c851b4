"""The site of another region, started in the admin with the keyboard alone."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect
from wagtail.models import Site

from portal.foundation.site_settings.models import SiteSettings
from portal.site.terms.models import TermsVersion
from tests.browser.test_desk import WIDTHS, desk, sign_in_by_code  # noqa: F401  # a fixture
from tests.factories import ImageFactory, MunicipalityFactory, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What must not be read anywhere on the second site.
FIRST_BRAND = re.compile(
    r"Skånebruk|Återbruksportalen|Åstorp|Klippan|skane\.example|5a2a6e|Villkor för Skåne|Sanna",
    re.IGNORECASE,
)


@pytest.fixture
def first_site(portal):
    """A site with a brand of its own in all that a second site could take over."""
    call_command("load_reference_data", verbosity=0)
    call_command("setup_portal", with_pages=True, verbosity=0)
    site = Site.objects.get()
    found = SiteSettings.for_site(site)
    found.name = "Skånebruk"
    found.admin_title = "Skånebruks kansli"
    found.tagline = "Återbruk för Skånebruk."
    found.logo = ImageFactory(title="Skånebruk")
    found.accent_colour = "#5a2a6e"
    found.contact_name = "Sanna"
    found.contact_email = found.sender_email = "sanna@skane.example"
    found.save()
    TermsVersion.objects.create(number=1, text_sv="<p>Villkor för Skåne</p>", text_en="<p>S</p>")
    MunicipalityFactory(name="Grästorp", slug="grastorp")
    return site


def start_west(keys, address):
    """Fill in the form for a second site. Returns how many interactions it took."""
    page = keys.page
    page.goto("/admin/ny-webbplats/")
    before = keys.interactions
    keys.write(page.locator("#id_name"), "Västbruk")
    keys.write(page.locator("#id_address"), address)
    keys.write(page.get_by_label("Adminens titel"), "Västbruks kansli")
    keys.reach(page.get_by_label("Logotyp"))
    keys.interactions += 1
    page.get_by_label("Logotyp").set_input_files(
        {"name": "vast.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    keys.write(page.get_by_label("Accentfärg", exact=True), "#7a2e1d")
    keys.tick(page.get_by_label("Grästorp", exact=True))
    keys.write(page.get_by_label("Kontaktens e-postadress"), "vera@vast.example")
    keys.write(page.get_by_label("Mejlets avsändare"), "post@vast.example")
    keys.press(page.get_by_role("button", name="Starta webbplatsen"))
    # All the pages of a site are made meanwhile, which takes long where other tests run beside it.
    expect(page.get_by_role("link", name=f"http://{address}")).to_be_visible(timeout=60_000)
    return keys.interactions - before


@WIDTHS
def test_a_second_site_stands_in_few_steps_with_nothing_of_the_first(
    desk,  # noqa: F811
    first_site,
    live_server,
    django_user_model,
    assert_accessible,
    width,
):
    django_user_model.objects.create_superuser("first@example.org", last_name="A")
    administrator = desk(width)
    page = administrator.page
    sign_in_by_code(administrator, "first@example.org", "/admin/")
    expect(page).to_have_title(re.compile("Skånebruks kansli"))
    page.goto("/admin/ny-webbplats/")
    assert_accessible(page)
    address = f"vast.localhost:{urlsplit(live_server.url).port}"

    assert start_west(administrator, address) < 15

    west = f"http://{address}"
    for path in ("/", "/om/", "/material/", "/effekt/", "/villkor/", "/kontakt/", "/en/", "/sok/"):
        answer = page.goto(f"{west}{path}")
        assert answer.status == 200, path
        assert "Västbruk" in page.title()
        assert FIRST_BRAND.findall(answer.text()) == [], path
    page.goto(f"{west}/")
    expect(page.locator(".site-header__name img")).to_be_visible()
    assert "#7a2e1d" in page.content()
    expect(page.get_by_role("contentinfo")).to_contain_text("vera@vast.example")
    page.goto(f"{west}/om/")
    expect(page.get_by_role("main")).to_contain_text("Grästorp")

    sign_in_by_code(administrator, "first@example.org", f"{west}/admin/")
    expect(page).to_have_title(re.compile("Västbruks kansli"))
    assert FIRST_BRAND.findall(page.title()) == []
    sent = mail.outbox[-1]
    assert sent.from_email == '"Västbruk" <post@vast.example>'
    assert FIRST_BRAND.findall(f"{sent.subject} {sent.body}") == []
    # The first site has kept all of its own.
    assert "Skånebruk" in page.request.get(f"{live_server.url}/").text()
    assert "Grästorp" not in page.request.get(f"{live_server.url}/om/").text()
