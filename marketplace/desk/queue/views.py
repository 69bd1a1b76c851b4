"""The queue: one list of all that waits, and the decisions about it."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.desk.queue import services
from marketplace.desk.queue.forms import DecisionForm, FilterForm
from marketplace.desk.queue.items import Answer, QueueKind, Waiting
from marketplace.desk.queue.presence import come_to
from marketplace.desk.queue.services import LARGE, Row
from marketplace.review.errors import ExchangeError
from marketplace.review.late import late_since
from portal.foundation.users.models import User

PER_PAGE = 20


class Queue:
    """What one request sees of the queue."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.user = cast(User, request.user)
        self.opened = request.GET.get("oppen", "")
        self.filters = FilterForm(request.GET, user=self.user)
        self.chosen = self.filters.chosen()

    @cached_property
    def within(self) -> list[Waiting]:
        """All that waits for the reader within the filters, of every kind."""
        rows = services.all_waiting(self.user)
        if self.chosen["place"]:
            rows = [row for row in rows if row.place == self.chosen["place"]]
        if self.chosen["late"]:
            since = late_since()
            rows = [row for row in rows if row.since <= since]
        return rows

    @cached_property
    def waiting(self) -> list[Waiting]:
        kind = self.chosen["kind"]
        return [row for row in self.within if not kind or row.kind == kind]

    @cached_property
    def page(self) -> Page:
        number: Any = self.request.GET.get("sida")
        if not number and (place := self.place_of(self.opened)) is not None:
            number = place // PER_PAGE + 1
        return Paginator(self.waiting, PER_PAGE).get_page(number)

    def place_of(self, key: str) -> int | None:
        """Where in the list something stands, or None."""
        return next((place for place, row in enumerate(self.waiting) if row.key == key), None)

    def after(self, keys: list[str]) -> str:
        """What comes next once `keys` have been decided, or "" when nothing is left."""
        places = [place for key in keys if (place := self.place_of(key)) is not None]
        last = max(places, default=-1)
        order = [*self.waiting[last + 1 :], *self.waiting[: last + 1]]
        return next((row.key for row in order if row.key not in keys), "")

    def url(self, **changes: str) -> str:
        """The address of this list with some of its parameters changed; "" takes one away."""
        kept = {name: self.request.GET.get(name, "") for name in ("typ", "kommun", "sent", "sida")}
        query = urlencode({name: value for name, value in (kept | changes).items() if value})
        return reverse("queue") + (f"?{query}" if query else "")

    def kinds(self) -> list[dict[str, Any]]:
        """Links that narrow the list to one kind, with how much there is of each."""
        counts = services.numbers(self.within)
        links = [
            {
                "label": kind.label,
                "count": counts[kind.name],
                "url": self.url(typ=kind.name, sida=""),
                "current": self.chosen["kind"] == kind.name,
            }
            for kind in services.kinds_for(self.user)
        ]
        everything = {
            "label": _("Everything"),
            "count": len(self.within),
            "url": self.url(typ="", sida=""),
            "current": not self.chosen["kind"],
        }
        return [everything, *links]


@dataclass
class Opened:
    """The row that is open, with its large pictures and the form to decide with."""

    row: Row
    form: DecisionForm
    pictures: list[Any]
    answers: list[tuple[str, Any]]

    @property
    def has_words(self) -> bool:
        """Whether anybody reads what is written beside the answer."""
        return bool(self.row.kind.needs_words or self.row.kind.prepared)


def queue(request: HttpRequest) -> HttpResponse:
    """The list; posting decides about one thing or several, and opens the next."""
    if not services.may_see_queue(cast(User, request.user)):
        raise PermissionDenied
    seen = Queue(request)
    if request.method == "POST":
        return decide(seen)
    return show(seen)


def show(seen: Queue, *, form: DecisionForm | None = None) -> HttpResponse:
    """The page; `form` is one that was sent and could not be carried out."""
    rows = services.read(list(seen.page.object_list), seen.user)
    for row in rows:
        row.url = seen.url(oppen=row.key)
    opened = next((row for row in rows if row.key == seen.opened), None)
    shown = open_row(opened, seen.user, form) if opened else None
    context = {
        "queue": seen,
        "rows": rows,
        "opened": shown,
        "page": seen.page,
        "previous": seen.url(sida=str(seen.page.number - 1)) if seen.page.has_previous() else "",
        "next": seen.url(sida=str(seen.page.number + 1)) if seen.page.has_next() else "",
        "together": form
        if form and not opened
        else DecisionForm(kinds=services.kinds_for(seen.user), auto_id="all_%s"),
    }
    return render(seen.request, "marketplace/desk/queue.html", context)


def open_row(row: Row, user: User, form: DecisionForm | None) -> Opened:
    """Read in all that is needed to decide about `row`, and note that `user` is on it."""
    item = row.item = row.kind.details(row.item, user)
    come_to(item.about, user)
    shown = item.pictures or ([item.picture] if item.picture else [])
    found = services.pictures(shown, LARGE)
    return Opened(
        row=row,
        form=form or DecisionForm(kinds=[row.kind], initial={"seen": item.seen}),
        pictures=[found[pk] for pk in shown if pk in found],
        answers=list(row.kind.answers.items()),
    )


def decide(seen: Queue) -> HttpResponse:
    """Carry out what was pressed, on one row or on those that are chosen."""
    post = seen.request.POST
    key, answer = post.get("key", ""), post.get("answer", "")
    if quick := post.get("quick", ""):
        key, answer = quick, Answer.APPROVE.value
    if key:
        return decide_one(seen, key, answer)
    return decide_several(seen, post.getlist("chosen"), answer)


def kinds_of(keys: list[str]) -> list[QueueKind]:
    """The kinds that `keys` name, each once."""
    found = [parsed[0] for key in keys if (parsed := services.parse(key))]
    return list(dict.fromkeys(found))


def decide_one(seen: Queue, key: str, answer: str) -> HttpResponse:
    post = seen.request.POST.copy()
    post["answer"] = answer
    form = DecisionForm(post, kinds=kinds_of([key]))
    seen.opened = key
    if not form.is_valid():
        return show(seen, form=form)
    following = seen.after([key])
    try:
        services.decide(
            key=key,
            answer=answer,
            words=form.words,
            by=seen.user,
            seen=form.cleaned_data["seen"],
        )
    except ExchangeError as error:
        messages.warning(seen.request, str(error))
        return redirect(seen.url(oppen=key) + "#oppen")
    messages.success(seen.request, said(answer, 1))
    return redirect(seen.url(oppen=following) + ("#oppen" if following else ""))


def decide_several(seen: Queue, keys: list[str], answer: str) -> HttpResponse:
    """The same answer to all of `keys`; those that it does not fit are left, and it is said."""
    form = DecisionForm(seen.request.POST, kinds=kinds_of(keys), auto_id="all_%s")
    if not keys:
        messages.warning(seen.request, _("Choose something first."))
        return redirect(seen.url())
    if not form.is_valid():
        return show(seen, form=form)
    following = seen.after(keys)
    done = 0
    for key in keys:
        try:
            services.decide(key=key, answer=answer, words=form.words, by=seen.user)
        except (ExchangeError, PermissionDenied) as error:
            messages.warning(seen.request, str(error) or _("It was left as it was."))
        else:
            done += 1
    if done:
        messages.success(seen.request, said(answer, done))
    return redirect(seen.url(oppen=following))


def said(answer: str, count: int) -> str:
    """What has been done, for the reader."""
    texts = {
        Answer.APPROVE: ngettext("%(count)d item is done.", "%(count)d items are done.", count),
        Answer.CHANGES: ngettext(
            "%(count)d was sent back with your comment.",
            "%(count)d were sent back with your comment.",
            count,
        ),
        Answer.REFUSE: ngettext("%(count)d was refused.", "%(count)d were refused.", count),
    }
    return texts[Answer(answer)] % {"count": count}
