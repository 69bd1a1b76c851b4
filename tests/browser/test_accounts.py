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
