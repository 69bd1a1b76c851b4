"""People at work while something breaks: some read, some ask for material and write messages.

Who gets no answer, or is asked to come back, sends the same form again a second later, as
somebody does who presses the button once more.
"""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import requests
from bs4 import BeautifulSoup

from tests.factories import picture_bytes

from .people import Person
from .site import Site

PATIENCE_SECONDS = 40
AGAIN_SECONDS = 1.0
PAUSE_SECONDS = 0.4
OFFERING = "/material/erbjud/"
OFFER = {
    "title": "Spillbitar av furu",
    "description": "Korta bitar",
    "condition": "good",
    "quantity": "25",
    "unit": "kartong",
    "kg_per_unit": "1,5",
    "recurrence": "none",
    "pickup_address": "Hamngatan 1",
    "pickup_town": "Bjuv",
    "contact_name": "Kim Ek",
    "contact_phone": "070-174 06 05",
    "send": "1",
}
PAGES = ["/", "/material/", "/sok/?q=spillbitar", "/effekt/", "/mitt/", "/ideer/"]


@dataclass
class Act:
    """Something that somebody does once: what came of each attempt, and where it led."""

    what: str
    started_at: float
    answers: list[str] = field(default_factory=list)
    led_to: str = ""
    ended: float = 0.0

    @property
    def is_done(self) -> bool:
        return bool(self.led_to)


def kind_of(response: requests.Response) -> str:
    """How a person would call an answer: a page, asked to come back, or nothing of use."""
    if response.status_code == 503 and "Retry-After" in response.headers and response.text:
        return "come back"
    if response.status_code < 400:
        return "page"
    return f"{response.status_code}"


class Load:
    """Readers and writers, from `start` to `stop`."""

    def __init__(self, site: Site, people, *, readers: int = 2, writers: int = 2):
        self.site, self.people = site, people
        self.ended = threading.Event()
        self.read: Counter[str] = Counter()
        self.slowest = 0.0
        self.acts: list[Act] = []
        self.threads = [threading.Thread(target=self._read) for _each in range(readers)]
        self.threads += [threading.Thread(target=self._write) for _each in range(writers)]

    def start(self) -> None:
        for thread in self.threads:
            thread.daemon = True
            thread.start()

    def stop(self) -> None:
        """No new acts; those that have started go on until they are answered."""
        self.ended.set()
        for thread in self.threads:
            thread.join(120)

    def done(self) -> list[Act]:
        return [act for act in self.acts if act.is_done]

    # --- Reading ----------------------------------------------------------------------------------

    def _read(self) -> None:
        session = self.people.next_school().browser(self.site)
        number = 0
        while not self.ended.is_set():
            self._look(session, PAGES[number % len(PAGES)])
            number += 1
            self.ended.wait(PAUSE_SECONDS)

    def _look(self, session: requests.Session, path: str) -> None:
        start = time.monotonic()
        try:
            said = kind_of(session.get(self.site.url + path, timeout=PATIENCE_SECONDS))
        except requests.RequestException as error:
            said = type(error).__name__
        self.read[said] += 1
        self.slowest = max(self.slowest, time.monotonic() - start)

    # --- Writing ----------------------------------------------------------------------------------

    def _write(self) -> None:
        while not self.ended.is_set():
            if not self.people.listings:
                return
            listing = self.people.listings.pop(0)
            school = self.people.next_school()
            act = self.reserve(school, listing)
            if act.is_done and not self.ended.is_set():
                self.write_message(school, act.led_to)
            self.ended.wait(PAUSE_SECONDS)

    def reserve(self, school: Person, listing) -> Act:
        path = f"/material/{listing.pk}/boka/"
        return self._send(school, f"reservation {listing.pk}", path, path, {"purpose": "För lek"})

    def write_message(self, school: Person, page: str) -> Act:
        what = f"message {time.monotonic_ns()}"
        return self._send(school, what, page, f"{page}meddelande/", {"message-text": what})

    def offer(self, company: Person) -> Act:
        """Give away something, with a photo that takes a moment to send."""
        photo = ("photo.jpg", picture_bytes(size=(3000, 2000)), "image/jpeg")
        words = OFFER | {"category": str(self.people.category.pk)}
        return self._send(company, "offer 1", OFFERING, OFFERING, words, {"photos": photo})

    def _send(
        self,
        person: Person,
        what: str,
        page: str,
        action: str,
        words: dict,
        files: dict | None = None,
    ) -> Act:
        """Open the form on `page` and send it to `action` until there is an answer."""
        act = Act(what, time.monotonic())
        self.acts.append(act)
        session = person.browser(self.site)
        sent: dict | None = None
        give_up = time.monotonic() + 150
        while not act.is_done and time.monotonic() < give_up:
            with suppress(requests.RequestException):
                sent = sent or self.open_form(session, page, action, words)
            if sent:
                self._submit(session, act, action, sent, files)
            if not act.is_done:
                time.sleep(AGAIN_SECONDS)
        act.ended = time.monotonic()
        return act

    def open_form(self, session, page: str, action: str, words: dict) -> dict | None:
        """What the form holds when it is opened, with `words` typed into it."""
        response = session.get(self.site.url + page, timeout=PATIENCE_SECONDS)
        if response.status_code != 200:
            return None
        return filled(response.text, action, words)

    def _submit(self, session, act: Act, action: str, sent: dict, files: dict | None) -> None:
        try:
            response = session.post(
                self.site.url + action,
                data=sent,
                files=files,
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            act.answers.append(type(error).__name__)
            return
        act.answers.append(kind_of(response))
        if response.status_code == 302:
            act.led_to = response.headers["Location"].split("#")[0]


def filled(page: str, action: str, words: dict) -> dict[str, str] | None:
    """The fields of the form that is sent to `action`, as a browser would send them."""
    soup = BeautifulSoup(page, "html.parser")
    for form in soup.find_all("form", method="post"):
        if (form.get("action") or action) != action:
            continue
        if not form.find("input", {"name": "submission"}):
            continue
        data = {}
        for each in form.find_all(["input", "textarea"]):
            chosen = each.get("type") not in ("radio", "checkbox") or each.has_attr("checked")
            if each.get("name") and chosen and each.get("type") not in ("submit", "file"):
                data[each["name"]] = each.get("value") or each.text or ""
        for select in form.find_all("select"):
            option = select.find("option", selected=True) or select.find("option")
            if option is not None:
                data[select["name"]] = option.get("value", "")
        return data | words
    return None
