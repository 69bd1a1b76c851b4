"""One fault with people at work around it: what was lost, doubled, answered, seen, and how soon all
was well again."""

import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import close_old_connections, connections
from django.utils import timezone

from .load import Act, Load
from .people import People
from .site import Site, wait_for

WELL_WITHIN_SECONDS = 60.0
SETTLE_SECONDS = 150.0
WARM_UP_ACTS = 4


@dataclass(frozen=True)
class Fault:
    """Something that breaks. `row` begins the row of the guide that says what to do."""

    name: str
    cause: Callable[["Trial"], None]
    row: str
    step: str = "by itself"
    is_short: bool = False


@dataclass
class Trial:
    """What happens while a fault is there."""

    site: Site
    people: People
    fault: Fault
    load: Load = field(init=False)
    seen: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    may_double: int = 0
    recovered_at: float = 0.0
    well_after: float | None = None

    def run(self) -> "Trial":
        close_old_connections()
        self.people.bring(120)
        self.started_at = timezone.now()
        self.load = Load(self.site, self.people)
        self.load.start()
        try:
            self.must(self.people_work, "people get something done", within=90)
            self.fault.cause(self)
            self.recovered()
            self.wait_until_well()
        except Exception as error:
            traceback.print_exc()
            self.broken.append(f"{type(error).__name__}: {error}")
        finally:
            self.load.stop()
            connections.close_all()
        self.settle()
        self.count()
        return self

    def people_work(self) -> bool:
        return len(self.load.done()) >= WARM_UP_ACTS

    # --- For faults -------------------------------------------------------------------------------

    def must(
        self, condition: bool | Callable[[], object], words: str, *, within: float = 0
    ) -> None:
        """Note that `words` did not hold."""
        holds = condition if callable(condition) else lambda: condition
        if wait_for(holds, seconds=max(within, 0.01)) is None:
            self.broken.append(words)

    def must_see(self, check: str, words: str, *, within: float = 60) -> None:
        """Health says `words` about `check`, or answers nothing where `check` is empty."""

        def answer():
            return self.site.health().get("checks", {}).get(check, "no answer")

        if wait_for(lambda: words in answer(), seconds=within) is None:
            self.broken.append(f"health said “{answer()}” of {check}, not “{words}”")
        else:
            self.seen.append(f"`{check}: {words}`")

    def rest(self, seconds: float) -> None:
        """Let people meet the fault for a while."""
        time.sleep(seconds)

    def recovered(self) -> None:
        """From now on it has to become well. Called where the fault ends, or at its end."""
        self.recovered_at = self.recovered_at or time.monotonic()

    # --- What has to hold -------------------------------------------------------------------------

    def wait_until_well(self) -> None:
        """Until health is well, a page is a page, and a message has reached its reader as mail."""
        probe = _Probe(self)
        wait_for(probe.is_well, seconds=WELL_WITHIN_SECONDS * 3)
        self.well_after = probe.at and max(probe.at - self.recovered_at, 0)
        if self.well_after is None:
            self.broken.append(f"not well after {WELL_WITHIN_SECONDS * 3:.0f} s: {probe.why}")
        elif self.well_after > WELL_WITHIN_SECONDS:
            self.broken.append(f"well after {self.well_after:.0f} s")

    def settle(self) -> None:
        """Until all jobs are done and all mail has left."""
        from django_tasks_db.models import DBTaskResult
        from post_office.models import STATUS, Email

        def is_quiet():
            close_old_connections()
            waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
            jobs = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"])
            return not waiting.exists() and not jobs.exists()

        self.must(is_quiet, "jobs or mail still wait", within=SETTLE_SECONDS)

    def count(self) -> None:
        """Compare what people were told with what there is."""
        for act in self.load.acts:
            number = _number_of(act)
            if act.is_done and not number:
                self.lost += 1
                self.broken.append(f"lost: {act.what}")
            if not act.is_done:
                self.broken.append(f"never answered: {act.what}, {Counter(act.answers)}")
            if number > 1:
                self.doubled += 1
                self.broken.append(f"doubled: {act.what}")
        self._count_mail()

    def _count_mail(self) -> None:
        from post_office.models import STATUS, Email

        from marketplace.notifications.models import Notification

        sent = Email.objects.filter(created__gte=self.started_at, status=STATUS.sent)
        times = [self.site.mail.times(each) for each in sent.values_list("message_id", flat=True)]
        unwritten = Notification.objects.filter(
            created_at__gte=self.started_at, mailed_at=None
        ).count()
        lost, doubled = times.count(0) + unwritten, sum(each > 1 for each in times)
        self.lost += lost
        self.doubled += doubled
        if lost:
            self.broken.append(f"{lost} mails lost ({unwritten} not written)")
        if doubled > self.may_double:
            self.broken.append(f"{doubled} mails doubled")

    @property
    def holds(self) -> bool:
        return not self.broken


def _number_of(act: Act) -> int:
    """How many rows there are of what somebody did once."""
    from marketplace.exchange.reservations.models import Reservation, ReservationMessage

    what, key = act.what.split()
    if what == "offer":
        # Its fault counts the listings of the company.
        return int(act.is_done)
    if what == "reservation":
        return Reservation.objects.filter(listing_id=key).count()
    return ReservationMessage.objects.filter(text=act.what).count()


class _Probe:
    """Somebody who looks whether all is well again, and is not content with less."""

    def __init__(self, trial: Trial):
        self.trial = trial
        self.act: Act | None = None
        self.at: float | None = None
        self.why = "nothing has been looked at"

    def is_well(self) -> bool:
        site, load = self.trial.site, self.trial.load
        found = site.health()
        if not found.get("well"):
            wrong = {
                k: v
                for k, v in found.get("checks", {}).items()
                if v not in ("ok", "not configured")
            }
            self.why = f"health: {wrong or 'no answer'}"
            return False
        if self.act is None:
            reserved = next(act for act in load.acts if act.what.startswith("res") and act.is_done)
            school = _asker(reserved, self.trial.people)
            self.act = load.write_message(school, reserved.led_to)
        if not self.act.is_done:
            self.why, self.act = f"a message: {self.act.answers[-3:]}", None
            return False
        if not self._has_arrived():
            self.why = "the mail about a message has not arrived"
            return False
        self.at = time.monotonic()
        return True

    def _has_arrived(self) -> bool:
        assert self.act is not None
        return any(self.act.what in _words(mail) for mail in self.trial.site.mail.postman.taken)


def _words(mail) -> str:
    return " ".join(
        part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"
    )


def _asker(act: Act, people: People):
    from marketplace.exchange.reservations.models import Reservation

    close_old_connections()
    asked = Reservation.objects.get(listing_id=act.what.split()[1])
    return next(each for each in people.schools if each.organisation.pk == asked.organisation_id)
