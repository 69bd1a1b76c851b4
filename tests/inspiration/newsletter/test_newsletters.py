"""The newsletter: asked for twice, sent once, ended with one click."""

import io
import mailbox
import re
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage as StandardMessage

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email, RecipientDeliveryStatus
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from inspiration.newsletter import tasks as newsletter_tasks
from inspiration.newsletter.emails import queue_issue
from inspiration.newsletter.models import (
    Newsletter,
    NewsletterDelivery,
    NewsletterItem,
    NewsletterText,
    Subscriber,
)
from inspiration.newsletter.services import (
    AlreadySent,
    NobodyToSendTo,
    NothingToSend,
    confirm,
    record_bounce,
    start_sending,
    unsubscribe,
)
from inspiration.newsletter.tasks import requeue_stalled_newsletters, send_waiting
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage
from tests.factories import CompanyFactory, ListingFactory, MunicipalityFactory, UserFactory, give

pytestmark = pytest.mark.django_db
ASK = {"email": "Reader@Example.org", "language": "sv", "municipality": "", "consent": "on"}


@pytest.fixture
def site(db):
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def outbox(django_capture_on_commit_callbacks):
    """A function that does what follows the commit and gives the mails that have left."""

    def leave(do=None):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            result = do() if do else None
        return result, list(mail.outbox)

    return leave


def reader(*, email="reader@example.org", **fields):
    return Subscriber.objects.create(
        email=email, consent="Yes", confirmed_at=timezone.now(), **fields
    )


def issue(*, languages=("sv", "en"), pages=(), municipalities=(), **fields):
    newsletter = Newsletter(name="November", **fields)
    words = {"sv": ("Mer kartong", "<p>Hej &amp; hå</p>"), "en": ("More card", "<p>Hi there</p>")}
    newsletter.texts = [
        NewsletterText(language=code, subject=words[code][0], introduction=words[code][1])
        for code in languages
    ]
    newsletter.items = [NewsletterItem(page=page) for page in pages]
    newsletter.municipalities = municipalities
    newsletter.save()
    return newsletter


def html_part(message):
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def link_in(message, part):
    return re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", message.body).group(1)


# --- Asking for it --------------------------------------------------------------------------------


def test_somebody_asks_confirms_and_gets_it(client, site, outbox):
    _answer, (sent,) = outbox(lambda: client.post("/nyhetsbrev/", ASK))
    assert sent.to == ["reader@example.org"]
    assert not Subscriber.objects.active().exists()
    link = link_in(sent, "bekrafta")

    assert client.get(link).status_code == 200
    assert not Subscriber.objects.active().exists()
    shown = client.post(link, follow=True).content.decode()

    assert "Välkommen" in shown
    subscriber = Subscriber.objects.active().get()
    assert "nyhetsbrevet" in subscriber.consent


def test_asking_leaves_no_cookie(client, site):
    client.get("/nyhetsbrev/")
    response = client.post("/nyhetsbrev/", ASK)

    assert response.url == "/nyhetsbrev/?tack"
    assert not client.cookies


def test_the_form_at_the_foot_of_a_page_goes_on_to_the_whole_form(client, site, outbox):
    response, sent = outbox(lambda: client.post("/nyhetsbrev/", {"email": "a@example.org"}))

    assert 'value="a@example.org"' in response.content.decode()
    assert sent == []
    assert not Subscriber.objects.exists()


def test_consent_has_to_be_given(client, site):
    response = client.post("/nyhetsbrev/", ASK | {"consent": ""})

    assert "Kryssa i rutan" in response.content.decode()
    assert not Subscriber.objects.exists()


def test_the_answer_does_not_tell_whether_an_address_is_known(client, site, outbox):
    reader()

    known, (sent,) = outbox(lambda: client.post("/nyhetsbrev/", ASK))
    unknown, _mails = outbox(lambda: client.post("/nyhetsbrev/", ASK | {"email": "x@example.org"}))

    assert known.url == unknown.url
    assert "Du får redan nyhetsbrevet" in sent.subject
    assert Subscriber.objects.get(email="reader@example.org").is_active


def test_nobody_is_flooded_with_confirmations(client, site, outbox):
    _first, mails = outbox(lambda: [client.post("/nyhetsbrev/", ASK) for _time in range(5)])

    assert len(mails) == 1


def test_one_browser_cannot_ask_without_end(client, site):
    statuses = [
        client.post("/nyhetsbrev/", ASK | {"email": f"r{n}@example.org"}).status_code
        for n in range(7)
    ]

    assert statuses[:5] == [302] * 5
    assert statuses[5:] == [429] * 2


def test_a_program_that_fills_in_everything_gets_nothing(client, site):
    response = client.post("/nyhetsbrev/", ASK | {"website": "https://example.com"})

    assert response.status_code == 302
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("path", ["bekrafta", "mitt", "avsluta"])
def test_a_forged_link_does_nothing(client, site, path):
    subscriber = reader()

    assert client.post(f"/nyhetsbrev/{path}/{subscriber.pk}:forged/").status_code == 404
    # A link that confirms is no link that ends, and the other way round.
    token = subscriber.manage_token if path == "bekrafta" else subscriber.confirm_token
    assert client.post(f"/nyhetsbrev/{path}/{token}/").status_code == 404


@pytest.mark.parametrize(("days", "status"), [(6, 302), (8, 404)])
def test_a_confirmation_is_valid_for_seven_days(client, site, monkeypatch, days, status):
    then = time.time() - days * 24 * 3600
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: then)
        token = Subscriber.objects.create(email="a@example.org", consent="Yes").confirm_token

    response = client.post(f"/nyhetsbrev/bekrafta/{token}/")

    assert response.status_code == status
    assert Subscriber.objects.active().exists() == (status == 302)


def test_choices_can_be_changed_without_signing_in(client, site):
    subscriber, here = reader(), MunicipalityFactory()

    client.post(
        f"/nyhetsbrev/mitt/{subscriber.manage_token}/", {"municipality": here.pk, "language": "en"}
    )

    subscriber.refresh_from_db()
    assert (subscriber.municipality, subscriber.language) == (here, "en")


# --- Ending it ------------------------------------------------------------------------------------


def test_one_post_from_the_mail_program_ends_it(site, outbox):
    subscriber = reader()
    newsletter = issue()
    _result, (sent,) = outbox(lambda: start_sending(newsletter=newsletter, by=UserFactory()))
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")

    response = Client(enforce_csrf_checks=True).post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )

    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # RFC 2919: a program finds the identifier as it stands, whatever the site is called.
    assert "<nyhetsbrev.localhost>" in sent.message().as_string()
    assert response.status_code == 200
    subscriber.refresh_from_db()
    assert not subscriber.is_active
    assert Newsletter.objects.with_results().get().ended == 1


def test_a_person_is_asked_before_it_ends_and_may_regret_it(client, site):
    other = reader(email="other@example.org")
    subscriber = reader()
    address = f"/nyhetsbrev/avsluta/{subscriber.manage_token}/"

    client.get(address)
    subscriber.refresh_from_db()
    assert subscriber.is_active
    client.post(address)
    subscriber.refresh_from_db()
    assert not subscriber.is_active
    other.refresh_from_db()
    assert other.is_active

    client.post(f"/nyhetsbrev/mitt/{subscriber.manage_token}/", {"again": "1"})
    subscriber.refresh_from_db()
    assert subscriber.is_active


# --- What is in it --------------------------------------------------------------------------------


@pytest.fixture
def article(site):
    home = HomePage.objects.get()
    index = home.add_child(
        instance=InspirationIndexPage(title="Artiklar", slug="artiklar", locale=home.locale)
    )
    page = index.add_child(
        instance=ArticlePage(title="Vad kartong kan", summary="Mycket.", locale=home.locale)
    )
    english = Locale.objects.get(language_code="en")
    for each in (home, index, page):
        copy = each.copy_for_translation(english)
        if each == page:
            copy.title = "What cardboard can do"
        copy.save_revision().publish()
    return page


def test_each_reader_gets_their_language_pages_and_municipality(site, article, outbox):
    here, there = MunicipalityFactory(name="Klippan"), MunicipalityFactory(name="Bjuv")
    ListingFactory(title="Rör härifrån", organisation=CompanyFactory(municipality=here))
    ListingFactory(title="Tyg därifrån", organisation=CompanyFactory(municipality=there))
    reader(email="sv@example.org", municipality=here)
    reader(email="en@example.org", municipality=there, language="en")

    _result, mails = outbox(
        lambda: start_sending(newsletter=issue(pages=[article], material_count=2), by=UserFactory())
    )

    swedish, english = sorted(mails, key=lambda each: each.to, reverse=True)
    assert swedish.subject == "Mer kartong"
    assert english.subject == "More card"
    for text in (swedish.body, html_part(swedish)):
        assert "Vad kartong kan" in text
        assert text.index("Rör härifrån") < text.index("Tyg därifrån")
        assert "Klippan" in text
    for text in (english.body, html_part(english)):
        assert "What cardboard can do" in text
        assert text.index("Tyg därifrån") < text.index("Rör härifrån")
        assert "/en/" in text
    assert "Hej & hå" in swedish.body
    assert "Hej &amp; hå" in html_part(swedish)
    assert html_part(english).count('lang="en"') == 1


def test_a_language_without_words_gets_the_first_ones(site, outbox):
    reader(language="en")

    _result, (sent,) = outbox(
        lambda: start_sending(newsletter=issue(languages=["sv"]), by=UserFactory())
    )

    assert sent.subject == "Mer kartong"
    assert "End the newsletter" in sent.body


def test_only_those_who_chose_the_municipality_or_all_get_it(site, outbox):
    here, there = MunicipalityFactory(), MunicipalityFactory()
    reader(email="here@example.org", municipality=here)
    reader(email="there@example.org", municipality=there)
    reader(email="all@example.org")
    reader(email="ended@example.org", unsubscribed_at=timezone.now())
    reader(email="bounced@example.org", bounced_at=timezone.now())
    Subscriber.objects.create(email="unconfirmed@example.org", consent="Yes")
    draft = issue()

    _result, mails = outbox(
        lambda: start_sending(newsletter=issue(municipalities=[here]), by=UserFactory())
    )

    assert {each.to[0] for each in mails} == {"here@example.org", "all@example.org"}
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_campaign_is_linked_by_the_newsletters_own_link(site, outbox):
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Kampanjer", locale=home.locale))
    today = timezone.localdate()
    page = index.add_child(
        instance=CampaignPage(
            title="Kartong", starts_on=today, ends_on=today, goal=1, locale=home.locale
        )
    )
    reader()

    _result, (sent,) = outbox(
        lambda: start_sending(newsletter=issue(pages=[page]), by=UserFactory())
    )

    assert f"?k={page.channels.get(type='newsletter').code}" in sent.body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ["Vill du ha nyhetsbrevet?", "Ja, jag vill ha nyhetsbrevet", "7 dagar"]),
        ("en", ["Do you want the newsletter?", "Yes, I want the newsletter", "7 days"]),
    ],
)
def test_the_confirmation_is_in_the_language_of_the_page(client, site, outbox, language, words):
    prefix = "/en" if language == "en" else ""

    _answer, (sent,) = outbox(
        lambda: client.post(f"{prefix}/nyhetsbrev/", ASK | {"language": language})
    )

    assert sent.subject == words[0]
    for word in words[1:]:
        assert word in sent.body
        assert word in html_part(sent)


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "skickas redan dit"), ("en", "is sent there already")],
)
def test_who_gets_it_already_is_told_so_in_both_languages(client, site, outbox, language, words):
    reader(language=language)
    prefix = "/en" if language == "en" else ""

    _answer, (sent,) = outbox(
        lambda: client.post(f"{prefix}/nyhetsbrev/", ASK | {"language": language})
    )

    assert words in sent.body
    assert words in html_part(sent)


# --- Sent once, whatever happens ------------------------------------------------------------------


class PowerCut(BaseException):
    """What no `except Exception` catches."""


def test_a_sending_that_is_broken_off_goes_on_without_sending_twice(site, outbox, monkeypatch):
    for number in range(7):
        reader(email=f"r{number}@example.org")
    newsletter = issue()
    write, written = queue_issue, []

    def until_the_power_fails(the_issue, subscriber):
        if len(written) == 3:
            # The mail is in the queue, and its transaction is not committed.
            write(the_issue, subscriber)
            raise PowerCut
        written.append(subscriber)
        return write(the_issue, subscriber)

    with monkeypatch.context() as patch:
        patch.setattr(newsletter_tasks, "queue_issue", until_the_power_fails)
        _result, first = outbox(lambda: start_sending(newsletter=newsletter, by=UserFactory()))
    assert len(first) == 3
    assert newsletter.deliveries.filter(settled_at=None).count() == 4
    newsletter.refresh_from_db()
    assert newsletter.finished_at is None

    _result, rest = outbox(lambda: call_command("periodic", stdout=io.StringIO()))
    _result, nothing = outbox(lambda: call_command("periodic", stdout=io.StringIO()))

    assert sorted(each.to[0] for each in [*first, *rest]) == [f"r{n}@example.org" for n in range(7)]
    assert nothing == []
    newsletter.refresh_from_db()
    assert newsletter.finished_at


def test_an_issue_is_sent_once_however_often_the_button_is_pressed(site, outbox):
    reader()
    newsletter = issue()
    outbox(lambda: start_sending(newsletter=newsletter, by=UserFactory()))

    with pytest.raises(AlreadySent):
        start_sending(newsletter=newsletter, by=UserFactory())
    _result, mails = outbox(lambda: send_waiting(newsletter.pk))

    assert mails == []
    assert NewsletterDelivery.objects.count() == Email.objects.count() == 1


def test_an_issue_needs_words_and_somebody_who_asked_for_it(site, outbox):
    newsletter = issue()
    empty = Newsletter.objects.create(name="December")

    with pytest.raises(NobodyToSendTo):
        start_sending(newsletter=newsletter, by=UserFactory())
    reader()
    with pytest.raises(NothingToSend):
        start_sending(newsletter=empty, by=UserFactory())
    assert not NewsletterDelivery.objects.exists()

    _result, mails = outbox(lambda: start_sending(newsletter=newsletter, by=UserFactory()))

    assert len(mails) == 1


def test_confirming_again_changes_nothing(site):
    subscriber = reader()
    since = subscriber.confirmed_at

    confirm(subscriber)

    assert Subscriber.objects.get().confirmed_at == since


def test_who_ends_it_while_it_is_being_sent_does_not_get_it(site, outbox):
    subscriber = reader()
    newsletter = issue()
    NewsletterDelivery.objects.create(newsletter=newsletter, subscriber=subscriber)
    Newsletter.objects.update(started_at=timezone.now())
    unsubscribe(subscriber)

    _result, mails = outbox(lambda: requeue_stalled_newsletters())

    assert mails == []
    assert Newsletter.objects.get().finished_at


@pytest.mark.django_db(transaction=True)
def test_three_workers_share_the_copies(postgres):
    for number in range(12):
        reader(email=f"r{number}@example.org")
    newsletter = issue()
    NewsletterDelivery.objects.bulk_create(
        NewsletterDelivery(newsletter=newsletter, subscriber=each)
        for each in Subscriber.objects.all()
    )
    Newsletter.objects.update(started_at=timezone.now())

    def work(_number):
        try:
            return send_waiting(newsletter.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        written = sum(pool.map(work, range(3)))

    assert written == Email.objects.count() == 12


def test_a_newsletter_never_delays_mail_to_a_single_person(site):
    reader()
    start_sending(newsletter=issue(), by=UserFactory())
    requeue_stalled_newsletters()

    assert Email.objects.get().get_priority_display() == "low"


# --- Bounces --------------------------------------------------------------------------------------


def returned(message_id, *, status="5.1.1", action="failed"):
    """What a mail server sends back, as RFC 3464 has it."""
    report = StandardMessage()
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["From"] = "MAILER-DAEMON@mx.example.org"
    report["Auto-Submitted"] = "auto-replied"
    boundary = "sep"
    body = (
        f"--{boundary}\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; reader@example.org\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 No such user here\r\n\r\n"
        f"--{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: Mer kartong\r\n\r\n--{boundary}--\r\n"
    )
    head = f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"'
    return f"{report.as_string().strip()}\r\n{head}\r\nMIME-Version: 1.0\r\n\r\n{body}".encode()


def pipe_in(monkeypatch, content):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    out = io.StringIO()
    call_command("record_bounces", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def sent(site, outbox):
    subscriber = reader()
    outbox(lambda: start_sending(newsletter=issue(), by=UserFactory()))
    return subscriber, Email.objects.get()


def test_an_address_that_does_not_exist_gets_no_more(sent, monkeypatch):
    subscriber, email = sent

    assert pipe_in(monkeypatch, returned(email.message_id)) == "recorded"

    subscriber.refresh_from_db()
    email.refresh_from_db()
    assert not subscriber.is_active
    assert email.recipient_delivery_status == RecipientDeliveryStatus.HARD_BOUNCED
    delivery = NewsletterDelivery.objects.get()
    assert delivery.bounce_note == "550 No such user here"
    assert Newsletter.objects.with_results().get().bounced == 1


def test_a_mailbox_that_is_full_gets_the_next_one(sent, monkeypatch):
    subscriber, email = sent

    pipe_in(monkeypatch, returned(email.message_id, status="4.2.2"))

    subscriber.refresh_from_db()
    assert subscriber.is_active
    assert NewsletterDelivery.objects.get().bounced_at


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: Out of office\r\n\r\nBack on Monday",
        returned("<forged@example.org>"),
        b"\xff\xfe not a mail at all",
    ],
)
def test_other_mail_is_no_bounce(sent, monkeypatch, content):
    assert pipe_in(monkeypatch, content) == "not a returned mail of ours"


def test_a_delay_is_no_bounce(sent, monkeypatch):
    _subscriber, email = sent

    pipe_in(monkeypatch, returned(email.message_id, action="delayed", status="4.4.1"))

    assert NewsletterDelivery.objects.get().bounced_at is None


def test_a_maildir_is_emptied_of_bounces_only(sent, tmp_path):
    _subscriber, email = sent
    box = mailbox.Maildir(tmp_path / "box", create=True)
    box.add(returned(email.message_id))
    box.add(b"Subject: Hello\r\n\r\nTo a person")
    out = io.StringIO()

    call_command("record_bounces", maildir=str(tmp_path / "box"), stdout=out)

    assert out.getvalue().startswith("1 recorded, 1 left")
    assert len(mailbox.Maildir(tmp_path / "box")) == 1


def test_returned_mail_goes_to_its_own_address_when_there_is_one(site, settings, outbox):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    reader()

    _result, (sent,) = outbox(lambda: start_sending(newsletter=issue(), by=UserFactory()))

    assert sent.from_email == "bounces@example.org"
    assert "portal@example.org" in sent.message()["From"]


# --- In the admin ---------------------------------------------------------------------------------


@pytest.fixture
def communicator(client, site):
    user = UserFactory(email="komm@example.org")
    give(user, "communicator")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


SNIPPETS = "/admin/snippets/inspiration"


def form_data(**changes):
    return {
        "name": "November, alla",
        "material_count": "4",
        "texts-TOTAL_FORMS": "2",
        "texts-INITIAL_FORMS": "0",
        "texts-MIN_NUM_FORMS": "1",
        "texts-MAX_NUM_FORMS": "2",
        "texts-0-language": "sv",
        "texts-0-subject": "Mer kartong",
        "texts-0-introduction": "null",
        "texts-0-ORDER": "1",
        "texts-1-language": "en",
        "texts-1-subject": "More card",
        "texts-1-introduction": "null",
        "texts-1-ORDER": "2",
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
        "items-MIN_NUM_FORMS": "0",
        "items-MAX_NUM_FORMS": "1000",
    } | changes


def test_a_communicator_writes_tests_and_sends(client, communicator, outbox):
    reader()
    response = client.post(f"{SNIPPETS}/newsletter/add/", form_data())
    newsletter = Newsletter.objects.get()
    assert response.status_code == 302
    page = f"/admin/nyhetsbrev/{newsletter.pk}/"
    assert "1 läsare" in client.get(page).content.decode()

    _answer, tests = outbox(lambda: client.post(f"{page}prov/"))
    assert [each.to for each in tests] == [["komm@example.org"]] * 2
    assert sorted(each.subject for each in tests) == ["Provutskick: Mer kartong", "Test: More card"]
    _answer, (sent,) = outbox(lambda: client.post(f"{page}skicka/", {"sure": "on"}))

    assert sent.to == ["reader@example.org"]
    shown = client.get(page).content.decode()
    assert "Mottaget av e-postservern" in shown
    assert "reader@example.org" in shown


def test_the_same_language_twice_is_refused(client, communicator):
    response = client.post(f"{SNIPPETS}/newsletter/add/", form_data(**{"texts-1-language": "sv"}))

    assert response.status_code == 200
    assert not Newsletter.objects.exists()


def test_the_preview_shows_the_mail_in_each_language(client, communicator):
    newsletter = issue()
    address = f"{SNIPPETS}/newsletter/preview/{newsletter.pk}/"
    data = form_data()
    assert client.post(address, data).json()["is_valid"]

    swedish = client.get(f"{address}?mode=sv").content.decode()
    english = client.get(f"{address}?mode=en").content.decode()

    assert "Mer kartong" in swedish
    assert "Säg upp nyhetsbrevet" in swedish
    assert "More card" in english
    assert "End the newsletter" in english


def test_the_preview_looks_like_the_mail(client, communicator):
    newsletter = issue()
    address = f"{SNIPPETS}/newsletter/preview/{newsletter.pk}/"
    client.post(address, form_data())

    shown = client.get(f"{address}?mode=sv")

    assert b"<style>" in shown.content
    policy = dict(
        each.strip().split(" ", 1) for each in shown["Content-Security-Policy"].split(";")
    )
    assert "'unsafe-inline'" in policy["style-src"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "namn@exempel.se" in shown.content.decode()


def test_nothing_is_sent_to_all_without_a_second_thought(client, communicator, outbox):
    reader()
    newsletter = issue()
    address = f"/admin/nyhetsbrev/{newsletter.pk}/skicka/"

    response, _mails = outbox(lambda: client.post(address))
    assert "Skicka ett provutskick till dig själv, läs det och kryssa" in response.content.decode()
    assert not newsletter.deliveries.exists()

    outbox(lambda: client.post(address, {"sure": "on"}))
    assert newsletter.deliveries.exists()


def test_the_list_of_copies_is_in_swedish_and_finds_the_bounced(client, communicator, outbox):
    reader(), reader(email="gone@example.org")
    newsletter = issue()
    outbox(lambda: start_sending(newsletter=newsletter, by=communicator))
    gone = newsletter.deliveries.get(subscriber__email="gone@example.org")
    record_bounce(email=gone.email, permanent=True, note="550")

    shown = client.get(f"{SNIPPETS}/newsletterdelivery/?bounced=true").content.decode()

    assert "gone@example.org" in shown
    assert "reader@example.org" not in shown
    assert "is null" not in shown
    assert "Newsletter" not in shown


def test_what_has_been_sent_is_not_changed(client, communicator, outbox):
    reader()
    newsletter = issue()
    outbox(lambda: start_sending(newsletter=newsletter, by=communicator))

    for action in ("edit", "delete"):
        response = client.post(f"{SNIPPETS}/newsletter/{action}/{newsletter.pk}/", form_data())
        assert response.status_code == 302
        assert response.url == "/admin/"
    assert client.get(f"{SNIPPETS}/newsletter/").status_code == 200


def test_nobody_puts_readers_on_the_list_by_hand(client, communicator):
    subscriber = reader()

    assert client.get(f"{SNIPPETS}/subscriber/").status_code == 200
    assert client.get(f"{SNIPPETS}/subscriber/add/").status_code == 302
    assert client.get(f"{SNIPPETS}/subscriber/edit/{subscriber.pk}/").status_code == 302
    assert client.get(f"{SNIPPETS}/newsletterdelivery/").status_code == 200


@pytest.mark.parametrize("group", ["coordinator", "steering_group"])
def test_others_neither_read_the_addresses_nor_send(client, site, group):
    user, newsletter = UserFactory(), issue()
    give(user, group)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    for address in (
        f"{SNIPPETS}/subscriber/",
        f"{SNIPPETS}/newsletterdelivery/",
        f"/admin/nyhetsbrev/{newsletter.pk}/",
    ):
        assert client.get(address).status_code in (302, 403)
    sent = client.post(f"/admin/nyhetsbrev/{newsletter.pk}/skicka/", {"sure": "on"})
    assert sent.status_code in (302, 403)
    newsletter.refresh_from_db()
    assert newsletter.is_draft


def test_results_are_exported(client, communicator, outbox):
    reader()
    newsletter = issue()
    outbox(lambda: start_sending(newsletter=newsletter, by=communicator))

    content = client.get(f"{SNIPPETS}/newsletterdelivery/?export=csv")

    assert b"reader@example.org" in b"".join(content.streaming_content)
    assert NewsletterDelivery.objects.get().email.status == STATUS.sent
