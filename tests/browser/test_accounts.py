"""Accounts on a phone: registering, and looking at who has registered."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.organisations.models import Membership
from portal.site.accounts.codes import sent_to
from tests.factories import CompanyFactory, MembershipFactory, SchoolFactory, SuperuserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "anna-karin.bengtsson-lindqvist@utbildning.kommunen.example"
WIDTH = 390


def test_a_long_address_is_shown_once_and_fits_the_phone(portal, phone):
    phone.goto("/konto/login/")
    phone.get_by_label("E-postadress").first.fill(LONG)
    phone.get_by_role("button", name="Skicka en kod").click()

    expect(phone.get_by_text(LONG)).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") == WIDTH


def test_a_preschool_teacher_registers_in_six_interactions_besides_typing(portal, phone, counted):
    SchoolFactory(name="Tusenfotingen", type="preschool")
    phone.goto("/")

    phone.get_by_role("link", name="Logga in").last.tap()
    phone.get_by_label("E-postadress").first.fill("ada@example.org")
    phone.get_by_role("button", name="Skicka en kod").tap()
    expect(phone.get_by_label("Kod")).to_be_visible()
    phone.get_by_label("Kod").fill(sent_to("ada@example.org").code_of("ada@example.org"))
    phone.get_by_label("Vad heter du?").fill("Ada Ek")
    phone.get_by_label("Var jobbar du?").press_sequentially("tusen")
    phone.get_by_role("button", name="Tusenfotingen").tap()
    expect(phone).to_have_url(re.compile("/mitt/"))

    taps, _written = counted()
    assert taps <= 6
    assert Membership.objects.get().organisation.name == "Tusenfotingen"


def test_a_code_that_is_there_before_the_script_is_sent_as_well(portal, browser, live_server):
    # A service worker would answer for the script.
    window = browser.new_context(base_url=live_server.url, service_workers="block")
    page, held = window.new_page(), []
    page.route("**/code*.js", lambda route: held.append(route))
    page.goto("/konto/login/")
    page.get_by_label("E-postadress").first.fill("ada@example.org")
    with page.expect_request("**/code*.js"):
        page.get_by_role("button", name="Skicka en kod").click()
    page.get_by_label("Kod").fill(sent_to("ada@example.org").code_of("ada@example.org"))

    held.pop().continue_()

    expect(page.get_by_label("Vad heter du?")).to_be_visible()
    window.close()


def test_a_code_that_the_server_gave_back_is_not_sent_again(portal, phone):
    phone.goto("/konto/login/")
    phone.get_by_label("E-postadress").first.fill("ada@example.org")
    phone.get_by_role("button", name="Skicka en kod").tap()
    expect(phone.get_by_text("Sidan går vidare av sig själv")).to_be_visible()
    sent = []
    phone.on("request", lambda request: sent.append(request.method))

    phone.get_by_label("Kod").fill("AAAA-AAAA")
    expect(phone.get_by_label("Kod")).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_text("Sidan går vidare av sig själv")).to_be_visible()
    phone.wait_for_load_state("networkidle")

    assert sent.count("POST") == 1


def test_a_message_with_a_long_address_fits_the_phone(portal, phone, sign_in_browser):
    boss = MembershipFactory(organisation=CompanyFactory(), role="administrator")
    sign_in_browser(phone, boss.user)
    phone.goto("/mitt/organisation/")
    phone.get_by_label("Din kollegas e-postadress").fill(LONG)
    phone.get_by_role("button", name="Skicka inbjudan").click()

    expect(phone.locator(".alert").get_by_text(LONG)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == WIDTH


def test_the_marks_of_the_checklist_are_no_taller_than_its_lines(portal, phone, sign_in_browser):
    sign_in_browser(phone, SuperuserFactory())
    company = CompanyFactory(approval="pending")
    phone.goto(f"/admin/organisationer/{company.pk}/granska/")
    marks = phone.locator("main li svg")

    assert marks.count() > 1
    assert marks.evaluate_all("each => Math.max(...each.map((mark) => mark.clientHeight))") <= 24
