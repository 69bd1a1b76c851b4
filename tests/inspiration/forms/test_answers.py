"""The report of what people answered in surveys and test rounds."""

import csv
import io

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from post_office.models import Email
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from inspiration.forms.models import FormField, FormPage
from inspiration.pages.models import HomePage
from portal.foundation.site_settings.models import SiteSettings
from tests.factories import MunicipalityFactory, SuperuserFactory, UserFactory, give

pytestmark = pytest.mark.django_db
REPORT = "/admin/svar/?period=alla"


@pytest.fixture
def round_of_tests(client):
    """A form with a choice, a choice of several, and free text; three people have answered."""
    call_command("setup_portal", verbosity=0)
    page = FormPage(title="Test round", slug="test-round")
    HomePage.objects.first().add_child(instance=page)
    for order, (label, kind, choices) in enumerate(
        [
            ("Was it easy?", "radio", "Yes\r\nNo\r\nPartly"),
            ("What did you try?", "checkboxes", "Search,Booking"),
            ("What was hard?", "multiline", ""),
        ]
    ):
        FormField.objects.create(
            page=page,
            sort_order=order,
            label=label,
            field_type=kind,
            choices=choices,
            required=False,
            locale=page.locale,
        )
    page.save_revision().publish()
    names = [field.clean_name for field in page.form_fields.order_by("sort_order")]
    for answers in [
        ("Yes", ["Search", "Booking"], "=Nothing"),
        ("Yes", ["Search"], ""),
        ("No", [], ""),
    ]:
        response = client.post(page.url, dict(zip(names, answers, strict=True)))
        assert response.status_code in (200, 302)
    return page


def sign_in(client, group, municipality=None):
    user = UserFactory()
    give(user, group)
    UserProfile.objects.create(user=user, preferred_language="en")
    if municipality:
        give(user, "coordinator", municipalities=[municipality])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def rows(client, address=REPORT):
    response = client.get(f"{address}&export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    return lines[1 : lines.index([])]


def test_each_question_is_summed_up(client, round_of_tests):
    sign_in(client, "steering_group")

    assert rows(client) == [
        ["Was it easy?", "Yes", "2", "67 %"],
        ["Was it easy?", "No", "1", "33 %"],
        ["Was it easy?", "Partly", "0", "0 %"],
        ["What did you try?", "Search", "2", "100 %"],
        ["What did you try?", "Booking", "1", "50 %"],
        ["What was hard?", "'=Nothing", "1", "100 %"],
    ]


def test_both_languages_of_a_form_are_told_together(client, round_of_tests):
    english = round_of_tests.copy_for_translation(
        Locale.objects.get(language_code="en"), copy_parents=True
    )
    for field, label, choices in zip(
        english.form_fields.order_by("sort_order"),
        ["Easy?", "Tried?", "Hard?"],
        ["Aye\r\nNay\r\nHalf", "Searching,Reserving", ""],
        strict=True,
    ):
        # As on a page that somebody has made beside the other, which names its own questions.
        field.label, field.choices, field.clean_name = label, choices, label.strip("?").lower()
        field.save()
    english.save_revision().publish()
    client.post(english.url, {"easy": "Half", "tried": ["Reserving"], "hard": "The map"})
    sign_in(client, "steering_group")

    assert rows(client) == [
        ["Was it easy?", "Yes", "2", "50 %"],
        ["Was it easy?", "No", "1", "25 %"],
        ["Was it easy?", "Partly", "1", "25 %"],
        ["What did you try?", "Search", "2", "67 %"],
        ["What did you try?", "Booking", "2", "67 %"],
        ["What was hard?", "'=Nothing", "1", "50 %"],
        ["What was hard?", "The map", "1", "50 %"],
    ]


def test_the_page_says_how_many_answered(client, round_of_tests):
    sign_in(client, "steering_group")

    page = client.get(REPORT).content.decode()

    assert "Was it easy?" in page
    assert "<dt>Answers</dt><dd>3</dd>" in page


def test_answers_before_the_period_are_left_out(client, round_of_tests):
    sign_in(client, "steering_group")
    address = "/admin/svar/?period=egen&fran=2020-01-01&till=2020-12-31"

    assert {row[2] for row in rows(client, address)} == {"0"}


@pytest.mark.parametrize("group", ["coordinator", "communicator"])
def test_answers_belong_to_no_municipality_so_a_coordinator_does_not_read_them(
    client, round_of_tests, group
):
    sign_in(client, group, MunicipalityFactory())

    response = client.get(REPORT)

    assert response.status_code == 302
    assert response.url.rstrip("/").endswith("/admin")


def test_without_any_form_the_report_is_empty(client):
    call_command("setup_portal", verbosity=0)
    sign_in(client, "steering_group")

    assert client.get(REPORT).status_code == 200
    assert not FormPage.objects.exists()


def test_a_list_answers_nothing_for_somebody_who_has_not_chosen(client):
    call_command("setup_portal", verbosity=0)
    page = FormPage(title="Survey", slug="survey")
    HomePage.objects.first().add_child(instance=page)
    field = FormField.objects.create(
        page=page,
        label="Where?",
        field_type="dropdown",
        choices="Bjuv,Klippan",
        locale=page.locale,
    )
    page.save_revision().publish()

    assert '<option value="" selected>Välj</option>' in client.get(page.url).content.decode()
    answer = client.post(page.url, {field.clean_name: ""}).content.decode()

    assert "Nästan klart" in answer
    assert not page.get_submission_class().objects.exists()


@pytest.fixture
def contact_form():
    """A form that somebody is to answer, on a site with a contact."""
    call_command("setup_portal", verbosity=0)
    page = FormPage(title="Kontakt", slug="kontakta", mails_contact=True)
    home = HomePage.objects.first()
    home.add_child(instance=page)
    settings = SiteSettings.for_site(home.get_site())
    settings.contact_email = "reuse@example.org"
    settings.save()
    for label, kind in (("Address", "email"), ("Message", "multiline")):
        FormField.objects.create(page=page, label=label, field_type=kind, locale=page.locale)
    page.save_revision().publish()
    return page


def write(client, page, message):
    fields = {field.label: field.clean_name for field in page.form_fields.all()}
    return client.post(page.url, {fields["Address"]: "kim@example.org", fields["Message"]: message})


def test_a_message_reaches_the_contact_who_can_just_reply(client, contact_form):
    response = client.get(write(client, contact_form, "How do I begin?").url)

    (sent,) = mail.outbox
    assert sent.to == ["reuse@example.org"]
    assert sent.reply_to == ["kim@example.org"]
    assert sent.subject == "Kontakt"
    assert "How do I begin?" in sent.body
    assert 'href="/material/"' in response.content.decode()


def test_an_address_of_the_page_gets_each_message_too(client, contact_form):
    contact_form.to_address = "chief@example.org, reuse@example.org"
    contact_form.save_revision().publish()

    write(client, contact_form, "Hello")

    assert [each.to for each in mail.outbox] == [["chief@example.org"], ["reuse@example.org"]]


def test_a_hundred_messages_in_a_row_from_one_browser_are_ten(client, contact_form):
    client.get(contact_form.url)
    answers = [write(client, contact_form, f"Number {number}") for number in range(12)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert len(mail.outbox) == 10
    assert "Number 11" in answers[-1].content.decode()
    assert "För många försök" not in answers[0].content.decode()
    another = Client(headers={"User-Agent": "Another"})
    assert write(another, contact_form, "Me too").status_code == 302
    assert len(mail.outbox) == 11


def test_a_message_of_megabytes_is_refused_and_a_long_one_is_not(client, contact_form):
    refused = write(client, contact_form, "x" * 5001)
    write(client, contact_form, "y" * 5000)

    assert "Nästan klart" in refused.content.decode()
    assert len(mail.outbox) == 1


def test_an_answer_is_kept_also_when_the_contact_has_been_mailed_enough(
    client, contact_form, settings
):
    settings.EMAIL_BACKEND = "portal.foundation.mail.queue.EmailBackend"
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mail_recipient": "1/d/key"}
    for number in range(3):
        assert write(client, contact_form, f"Number {number}").status_code == 302

    assert Email.objects.count() == 1
    assert contact_form.get_submission_class().objects.count() == 3


def test_a_survey_mails_nobody(round_of_tests):
    assert mail.outbox == []


def test_what_visitors_write_is_no_formula_in_the_exported_answers(client, contact_form):
    write(client, contact_form, '=HYPERLINK("https://evil.example")')
    client.force_login(SuperuserFactory(), backend="django.contrib.auth.backends.ModelBackend")

    response = client.get(f"/admin/forms/submissions/{contact_form.pk}/?export=csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (_heading, answer) = csv.reader(io.StringIO(text), delimiter=";")
    assert '\'=HYPERLINK("https://evil.example")' in answer
