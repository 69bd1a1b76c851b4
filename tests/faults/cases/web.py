"""The processes that answer visitors."""

import signal
import threading

from ..processes import children_of, send
from ..trial import Fault, Trial


def kill_one(trial: Trial) -> None:
    """SIGKILL one of the two processes that answer."""
    worker = children_of(trial.site.web.pid)[0]
    send(signal.SIGKILL, worker)
    trial.recovered()
    trial.must(lambda: worker not in children_of(trial.site.web.pid), "it was killed", within=5)
    trial.must(
        lambda: len(children_of(trial.site.web.pid)) == 2, "another one was started", within=30
    )


def killed_in_reservation(trial: Trial) -> None:
    kill_one(trial)
    trial.rest(5)


def killed_in_upload(trial: Trial) -> None:
    """Both processes end while a photo is on its way; who sends it tries again."""
    from marketplace.listings.models import MaterialListing

    company = trial.people.next_company()
    before = MaterialListing.objects.filter(organisation=company.organisation).count()
    sending = threading.Thread(target=trial.load.offer, args=[company])
    sending.start()
    trial.rest(0.5)
    for worker in children_of(trial.site.web.pid)[:2]:
        send(signal.SIGKILL, worker)
    trial.recovered()
    sending.join(150)
    after = MaterialListing.objects.filter(organisation=company.organisation).count()
    trial.must(after == before + 1, f"one offer was sent, and there are {after - before}")


def reloaded(trial: Trial) -> None:
    """What `systemctl reload portal-web` does."""
    before = set(children_of(trial.site.web.pid))
    send(signal.SIGHUP, trial.site.web.pid)
    trial.must(
        lambda: before.isdisjoint(children_of(trial.site.web.pid)), "all are new", within=180
    )
    refused = {word: n for word, n in trial.load.read.items() if word != "page"}
    trial.must(not refused, f"nobody is refused, but {refused}")


FAULTS = [
    Fault(
        "a web process killed while material is asked for",
        killed_in_reservation,
        row="a web process was killed",
        is_short=True,
    ),
    Fault(
        "both web processes killed while a photo is uploaded",
        killed_in_upload,
        row="a web process was killed",
    ),
    Fault("web processes replaced (SIGHUP)", reloaded, row="a new version is put in place"),
]
