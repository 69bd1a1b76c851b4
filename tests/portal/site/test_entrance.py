"""One entrance: any typed address gets a code, and new people say two things more."""

import re
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from marketplace.offers.models import OfferDraft
from marketplace.organisations.models import Membership
from portal.foundation.kept_forms import KeptForm
from portal.foundation.limits.models import LimitEntry
from portal.foundation.users.models import User
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ENTRANCE = "/konto/login/"
ASK = "/konto/login/code/"
CONFIRM = "/konto/login/code/confirm/"
ARRIVE = "/konto/signup/"
NEW = "kim@klippan.example"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def known():
    user = UserFactory(email="ada@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def ask(client, commits):
    """A function that types an address, and returns the code in the mail that comes."""

    def do(email, *, browser=None, **more):
        with commits():
            response = (browser or client).post(ASK, {"email": email, **more})
        assert response.status_code == 302
        assert mail.outbox[-1].to == [email]
        return code_in(mail.outbox[-1])

    return do


def code_in(message):
    return re.search(r"^([A-Z0-9-]{6,9})$", message.body, re.M).group(1)


def link_in(message):
    return urlsplit(re.search(r"https?://\S+/konto/kod/\S+", message.body).group(0)).path


def signed_in(browser):
    return browser.session.get("_auth_user_id")


def test_who_is_known_gets_a_code_and_is_in(client, ask, known):
    code = ask(known.email)

    response = client.post(CONFIRM, {"code": code, "next": "/material/"})

    assert response["Location"] == "/material/"
    assert signed_in(client) == str(known.pk)


def test_who_is_new_gets_a_code_too_and_goes_on_to_two_fields(client, ask):
    code = ask(NEW, next="/material/erbjud/")

    page = client.post(CONFIRM, {"code": code, "next": "/material/erbjud/"}, follow=True)

    assert page.redirect_chain[-1][0] == f"{ARRIVE}?next=/material/erbjud/"
    form = page.context["form"]
    assert [field.name for field in form if field.field.required] == ["email", "name"]
    assert not User.objects.exists()


def test_who_has_said_who_they_are_is_in_and_comes_where_they_wanted(client, ask, commits):
    school = SchoolFactory(name="Åbyskolan")
    code = ask(NEW, next="/material/erbjud/")
    client.post(CONFIRM, {"code": code, "next": "/material/erbjud/"})

    with commits():
        response = client.post(
            ARRIVE,
            {"name": "Kim Ek Larsson", "organisation": "Åbyskolan", "next": "/material/erbjud/"},
        )

    assert response["Location"] == "/material/erbjud/"
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == (NEW, "Kim", "Ek Larsson")
    assert EmailAddress.objects.get(user=user).verified
    assert signed_in(client) == str(user.pk)
    assert Membership.objects.get(user=user).organisation == school


def test_i_work_here_is_one_tap(client, ask):
    school = SchoolFactory(name="Åbyskolan")
    client.post(CONFIRM, {"code": ask(NEW)})
    suggested = client.get("/organisationer/forslag/?organisation=åby").content.decode()
    assert f'name="join" value="{school.pk}"' in suggested

    client.post(ARRIVE, {"name": "Kim Larsson", "organisation": "åby", "join": school.pk})

    assert Membership.objects.get().organisation == school


def test_what_was_meant_can_be_tapped_without_javascript(client, ask):
    school = SchoolFactory(name="Åbyskolan")
    client.post(CONFIRM, {"code": ask(NEW)})

    page = client.post(ARRIVE, {"name": "Kim Larsson", "organisation": "åby"}).content.decode()

    assert f'name="join" value="{school.pk}"' in page
    assert not User.objects.exists()


def test_the_address_that_was_shown_cannot_be_changed_on_the_way(client, ask, known):
    client.post(CONFIRM, {"code": ask(NEW)})

    client.post(ARRIVE, {"name": "Kim Larsson", "email": known.email})

    assert User.objects.exclude(pk=known.pk).get().email == NEW


def test_nobody_registers_before_an_address_was_shown_to_be_theirs(client, ask):
    first = client.get(f"{ARRIVE}?next=/material/erbjud/")
    client.post(ARRIVE, {"name": "Kim Larsson", "email": NEW})
    assert first["Location"] == f"{ENTRANCE}?next=/material/erbjud/"
    assert not User.objects.exists()

    client.post(CONFIRM, {"code": ask(NEW)})
    client.post(ARRIVE, {"name": "Kim Larsson"})
    assert User.objects.exists()


def test_the_entrance_can_be_opened_again_to_write_another_address(client, ask, known):
    ask("wrong@example.org", next="/material/erbjud/")

    page = client.get(f"{ENTRANCE}?next=/material/erbjud/")
    assert page.status_code == 200
    assert 'value="/material/erbjud/"' in page.content.decode()

    client.post(CONFIRM, {"code": ask(known.email, next="/material/erbjud/")})
    assert signed_in(client) == str(known.pk)


def test_the_page_for_the_code_leads_back_with_what_was_wanted(client, ask):
    ask(NEW, next="/material/erbjud/")

    page = client.get(f"{CONFIRM}?next=/material/erbjud/").content.decode()

    assert f'href="{ENTRANCE}?next=/material/erbjud/"' in page


def test_an_address_that_is_none_is_said_next_to_the_field(client):
    page = client.post(ASK, {"email": "kim", "next": "/material/erbjud/"}).content.decode()

    assert 'aria-invalid="true"' in page
    assert 'value="kim"' in page
    assert 'value="/material/erbjud/"' in page


# --- Another device -------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["ada@example.org", NEW])
def test_the_link_in_the_mail_takes_the_code_on_another_device(client, ask, known, email):
    code = ask(email, next="/material/erbjud/")
    phone = Client()

    there = phone.get(link_in(mail.outbox[-1]), follow=True)
    assert there.redirect_chain[-1][0] == f"{CONFIRM}?next=/material/erbjud/"
    assert email in there.content.decode()
    assert not signed_in(phone)

    response = phone.post(CONFIRM, {"code": code, "next": "/material/erbjud/"})
    wanted = "/material/erbjud/" if email == known.email else f"{ARRIVE}?next=/material/erbjud/"
    assert response["Location"] == wanted


def test_a_code_that_was_asked_for_here_works_where_it_is_asked_for_again(ask, known):
    computer, phone = Client(), Client()
    code = ask(known.email, browser=computer)

    assert ask(known.email, browser=phone) == code
    phone.post(CONFIRM, {"code": code})

    assert signed_in(phone) == str(known.pk)


@pytest.mark.parametrize("email", ["ada@example.org", NEW])
def test_a_code_can_be_read_in_the_mail_and_nowhere_else(client, ask, known, settings, email):
    database = {"BACKEND": "portal.foundation.limits.store.DatabaseStore"}
    settings.CACHES = settings.CACHES | {"limits": database}
    code = ask(email)
    waiting = LimitEntry.objects.filter(pk__contains="sign-in-code")
    kept = [str(waiting.get().value), str(dict(client.session))]
    assert email in kept[1]

    response = client.post(CONFIRM, {"code": code})

    assert [each for each in kept if code in each or code.replace("-", "") in each] == []
    assert response["Location"] in ("/mitt/", ARRIVE)
    assert not waiting.exists()


def test_a_code_is_used_once_whatever_the_device(ask, known):
    computer, phone = Client(), Client()
    code = ask(known.email, browser=computer)
    ask(known.email, browser=phone)
    phone.post(CONFIRM, {"code": code})
    assert signed_in(phone)

    computer.post(CONFIRM, {"code": code})

    assert not signed_in(computer)


def test_a_link_and_its_code_end_with_their_time(client, ask, known):
    code = ask(known.email)
    link = link_in(mail.outbox[-1])
    assert client.get(link)["Location"] == CONFIRM

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert Client().get(link)["Location"] == ENTRANCE
        client.post(CONFIRM, {"code": code})

    assert not signed_in(client)


def test_a_link_that_somebody_made_up_leads_to_the_entrance(client):
    assert client.get("/konto/kod/made-up/")["Location"] == ENTRANCE


# --- What was started before ----------------------------------------------------------------------


def test_an_offer_that_was_started_waits_at_the_end_and_on_my_page(client, ask, commits):
    OfferDraft.objects.create(data={"title": ["Papprör"]})
    session = client.session
    session["offer_drafts"] = [OfferDraft.objects.get().pk]
    session.save()
    client.post(CONFIRM, {"code": ask(NEW)})
    with commits():
        client.post(ARRIVE, {"name": "Kim Larsson"})

    page = client.get("/mitt/").content.decode()

    assert "Papprör" in page
    assert OfferDraft.objects.get().user.email == NEW


def test_who_waits_to_be_let_in_sees_since_when_and_who_was_asked(client, ask, commits):
    school = SchoolFactory(name="Åbyskolan")
    boss = MembershipFactory(organisation=school, role="administrator").user
    client.post(CONFIRM, {"code": ask(NEW)})
    with commits():
        client.post(ARRIVE, {"name": "Kim Larsson", "organisation": "Åbyskolan"})

    page = client.get("/mitt/").content.decode()

    assert "Åbyskolan" in page
    assert str(boss) in page
    assert boss.email not in page


def test_a_request_that_was_written_while_signed_out_waits_in_its_form_and_on_my_page(
    client, known, ask
):
    school = MembershipFactory(organisation=SchoolFactory(), user=known).organisation
    listing = ListingFactory(title="Papprör")
    form = f"/material/{listing.pk}/boka/"
    lost = client.post(form, {"quantity": "1", "purpose": "Kulbana", "organisation": school.pk})
    assert lost["Location"] == f"{ENTRANCE}?next={quote(form, safe='')}"
    client.post(CONFIRM, {"code": ask(known.email), "next": form})

    assert "Papprör" in client.get("/mitt/").content.decode()
    assert "Kulbana" in client.get(form).content.decode()

    client.post(form, {"quantity": "1", "purpose": "Kulbana", "organisation": school.pk})
    assert listing.reservations.get().purpose == "Kulbana"
    assert not KeptForm.objects.exists()


def test_what_is_kept_is_not_called_after_what_its_writer_may_not_see(client, known, ask):
    own = ListingFactory(
        title="Papprör", organisation=SchoolFactory(), first_published_at=timezone.now()
    )
    client.post(f"/material/{own.pk}/boka/", {"quantity": "1", "purpose": "Kulbana"})
    client.post(CONFIRM, {"code": ask(known.email)})

    assert "Papprör" not in client.get("/mitt/").content.decode()


def test_a_wanted_ad_that_was_written_while_signed_out_can_be_thrown_away(client, known, ask):
    MembershipFactory(organisation=SchoolFactory(), user=known)
    client.post("/efterlysningar/ny/", {"title": "Stora kartonger"})
    client.post(CONFIRM, {"code": ask(known.email)})
    page = client.get("/mitt/").content.decode()
    assert "Stora kartonger" in page

    client.post(f"/mitt/paborjat/{KeptForm.objects.get().pk}/kasta/")

    assert not KeptForm.objects.exists()


def test_nobody_sees_or_throws_away_what_somebody_else_has_begun(client, known):
    offer = OfferDraft.objects.create(user=UserFactory(), data={"title": ["Papprör"]})
    form = KeptForm.objects.create(user=UserFactory(), path="/x/", name="Kulbana", data={})
    client.force_login(known)

    page = client.get("/mitt/").content.decode()
    answers = [
        client.post(f"/mitt/paborjat/{form.pk}/kasta/"),
        client.post(f"/material/erbjud/utkast/{offer.pk}/kasta/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Papprör" not in page
    assert "Kulbana" not in page


def test_several_offers_are_kept_and_one_is_thrown_away(client):
    company = MembershipFactory(organisation=CompanyFactory())
    client.force_login(company.user)
    for title in ("Papprör", "Tyg"):
        client.post("/material/erbjud/", {"title": title, "save": "1"})
    page = client.get("/mitt/").content.decode()
    assert "Papprör" in page
    assert "Tyg" in page

    gone = OfferDraft.objects.get(data__title=["Tyg"])
    client.post(f"/material/erbjud/utkast/{gone.pk}/kasta/")

    page = client.get("/mitt/").content.decode()
    assert "Papprör" in page
    assert "Tyg" not in page


def test_what_is_under_review_or_asked_for_says_since_when_and_who_was_asked(client, known):
    school = MembershipFactory(organisation=SchoolFactory(), user=known).organisation
    ReservationFactory(
        organisation=school, listing__title="Papprör", listing__organisation__name="Rörfirman AB"
    )
    client.force_login(known)

    [waiting] = client.get("/mitt/").context["waiting"]

    assert "Papprör" in waiting.what
    assert waiting.who == "Rörfirman AB"
    assert waiting.since.date() == timezone.now().date()
