"""The people of `bench_mixed`, each with a browser and signed in."""

import re
import threading
import time
import uuid
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode, urlsplit

import lxml.html

from tests.factories import picture_bytes
from tests.faults.load import OFFER

from . import bench_search

PATIENCE_SECONDS = 60
OFFERING = "/material/erbjud/"
# A giver who has answered everything passes review at once.
SAFE = {
    "made_for": "children",
    "treatment": "none",
    "dust_or_smell": "none",
    "loose_parts": "none",
    "heat_or_food": "not_made_for_it",
}
LISTING = re.compile(r'href="(/material/(\d+)/[^"/]+/)"')
PHOTO = picture_bytes(size=(3000, 2000))


@dataclass
class Failure:
    """A request that was not answered as it should be."""

    name: str
    what: str


@dataclass
class Times:
    """What was asked for, and how long each answer took, in seconds."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[Failure] = field(default_factory=list)


class Broken(Exception):
    """The person cannot go on from here, and begins again."""


class Browser:
    """Keeps cookies and the connection of one person, and sends forms as they came."""

    def __init__(self, port, cookie, times):
        from django.conf import settings

        self.port, self.times = port, times
        self.cookies = {settings.SESSION_COOKIE_NAME: cookie}
        self.connection = None

    def get(self, name, path):
        return self._ask(name, "GET", path, expected=200)

    def send(self, name, page, action, words, photo=None):
        """Send the form of `page` to `action` with `words` typed into it; returns where it led."""
        fields = dict(form_of(page, action)) | words
        if photo:
            body, kind = multipart(fields, photo)
        else:
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return self._ask(name, "POST", action, body, {"Content-Type": kind}, expected=302)

    def _ask(self, name, method, path, body=None, headers=None, *, expected):
        started = time.perf_counter()
        try:
            response, text = self._answer_to(method, path, body, headers or {})
        except (OSError, HTTPException) as error:
            self.connection = None
            self._fail(name, f"{path}: {error!r}")
        self.times.seconds[name].append(time.perf_counter() - started)
        if response.status != expected:
            self._fail(name, f"{path}: {response.status} {said_of(text)}")
        return text if expected == 200 else response.headers["Location"]

    def _fail(self, name, what):
        self.times.errors.append(Failure(name, what))
        raise Broken

    def _answer_to(self, *request):
        was_kept = self.connection is not None
        try:
            return self._exchange(*request)
        except (RemoteDisconnected, ConnectionError):
            # The server has ended a connection that was idle; a browser makes another one.
            if not was_kept:
                raise
            self.connection = None
            return self._exchange(*request)

    def _exchange(self, method, path, body, headers):
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers | {"Cookie": cookies})
        response = self.connection.getresponse()
        text = response.read().decode(errors="replace")
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
        if response.will_close:
            self.connection.close()
            self.connection = None
        return response, text


def form_of(page, action):
    """What a browser sends of the form that goes to `action`: (name, value) of each field."""
    for form in lxml.html.fromstring(page).forms:
        if form.method == "POST" and (form.action or action) == action:
            return [(each.name, value_of(each)) for each in form.inputs if is_sent(each)]
    return []


def is_sent(control):
    """Whether a browser sends this control of a form."""
    kind = control.get("type")
    if kind in ("radio", "checkbox"):
        return "checked" in control.attrib
    return kind not in ("submit", "button", "file")


def value_of(control):
    # lxml says "on" also where a choice has an empty value.
    return control.get("value", "on") if control.get("type") == "radio" else control.value or ""


def said_of(page):
    """What a page that is not wanted says is wrong, in a few words."""
    try:
        found = lxml.html.fromstring(page).xpath('//*[contains(@class, "error")]')
    except lxml.etree.LxmlError:
        return page[:200]
    return " ".join(" ".join(each.text_content() for each in found).split())[:300]


def multipart(fields, photo):
    """(body, content type) of a form with a photo."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
        if name != "photos"
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="photos"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    parts += [head.encode(), photo, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


class Person:
    """Somebody at work, alone or among others."""

    def __init__(self, number):
        self.random = Random(number)
        self.pause, self.end = (0.0, 0.0), threading.Event()

    def work(self, port, times, *, rounds=10**9, pause=(0.0, 0.0), end=None):
        """Do the same again and again: `rounds` times, or until `end` is set."""
        self.pause, self.end = pause, end or threading.Event()
        self.open_browsers(port, times)
        # Not all at the same moment.
        self.end.wait(self.random.uniform(0, self.pause[1]))
        for number in range(rounds):
            with suppress(Broken):
                self.do_round(number)
            if self.end.wait(self.random.uniform(*self.pause)):
                return

    def read(self):
        """Look at what has come. Raises `Broken` when it is time to go."""
        if self.end.wait(self.random.uniform(*self.pause)):
            raise Broken


class Reader(Person):
    """Browses and searches."""

    def __init__(self, number):
        super().__init__(number)
        self.cookie = sign_in(number, "reader", school(number))
        self.pages, self.typed = bench_search.addresses(), bench_search.typed()

    def open_browsers(self, port, times):
        self.browser = Browser(port, self.cookie, times)

    def do_round(self, number):
        found = self.browser.get("list of material", "/material/")
        for name, path in (
            ("listing", self.one_of(found)),
            ("suggestions", self.random.choice(self.typed)),
            ("search", self.random.choice(self.pages)),
            ("start page", "/"),
            ("effect", "/effekt/"),
            ("my page", "/mitt/"),
            ("search", self.random.choice(self.pages)),
        ):
            self.read()
            self.browser.get(name, path)

    def one_of(self, page):
        return self.random.choice(sorted({path for path, _pk in LISTING.findall(page)}))


class Pair(Person):
    """A giver who offers, and a school that asks for it."""

    def __init__(self, number):
        super().__init__(number)
        company = organisation(number, "company")
        self.giver = sign_in(number, "giver", company)
        self.taker = sign_in(number, "taker", school(number))
        self.category = category()

    def open_browsers(self, port, times):
        self.giving = Browser(port, self.giver, times)
        self.taking = Browser(port, self.taker, times)

    def do_round(self, number):
        path = self.offer()
        self.read()
        reservation = self.ask(path)
        self.read()
        self.accept(reservation)
        self.read()
        self.confirm(reservation)

    def offer(self):
        """Returns the path of what has been offered."""
        page = self.giving.get("offer: form", OFFERING)
        self.read()
        words = OFFER | SAFE | {"category": f"{self.category}"}
        self.giving.send("offer: sent", page, OFFERING, words, PHOTO)
        mine = LISTING.findall(self.giving.get("my page", "/mitt/"))
        return max(mine, key=lambda each: int(each[1]))[0]

    def ask(self, path):
        """Returns the path of the reservation."""
        self.taking.get("listing", path)
        self.read()
        asking = f"{'/'.join(path.split('/')[:3])}/boka/"
        page = self.taking.get("request: form", asking)
        self.read()
        led_to = self.taking.send("request: sent", page, asking, {"purpose": "För lek"})
        return urlsplit(led_to).path

    def accept(self, reservation):
        page = self.giving.get("reservation", reservation)
        self.read()
        self.giving.send("accept", page, f"{reservation}lova/", {})

    def confirm(self, reservation):
        page = self.taking.get("reservation", reservation)
        self.read()
        answer = {"handover-would_have_bought": "yes"}
        self.taking.send("confirm", page, f"{reservation}overlamning/", answer)


# --- Who they are ---------------------------------------------------------------------------------


def school(number):
    return organisation(number, "school")


def organisation(number, type):
    """The same each time, trusted, so that what it offers is published at once."""
    from marketplace.municipalities.models import Municipality
    from marketplace.organisations.models import Organisation

    found, _created = Organisation.objects.update_or_create(
        name=f"Blandade {type} {number}",
        defaults={
            "type": type,
            "municipality": Municipality.objects.order_by("pk").first(),
            "approval": Organisation.Approval.APPROVED,
            "trusted": True,
        },
    )
    return found


def category():
    from marketplace.materials.models import MaterialCategory

    factors = MaterialCategory.objects.exclude(factors=None)
    return factors.filter(locale__language_code="sv").order_by("pk").first().pk


def sign_in(number, role, organisation):
    """The cookie of a member of `organisation`."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from marketplace.organisations.models import Membership

    address = f"mixed-{role}-{number}@example.org"
    user, _created = get_user_model().objects.get_or_create(
        email=address, defaults={"first_name": "Kim", "last_name": f"Larsson {number}"}
    )
    Membership.objects.get_or_create(user=user, organisation=organisation)
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
