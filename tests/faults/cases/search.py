"""Elasticsearch. Meanwhile the database answers every search."""

from collections.abc import Callable
from functools import partial

import requests

from ..trial import Fault, Trial

INDICES = "faults-*"


def settings(trial: Trial, **values) -> None:
    done = requests.put(
        f"{trial.site.elasticsearch.url}/{INDICES}/_settings", json=values, timeout=30
    )
    done.raise_for_status()


def call(trial: Trial, method: str, path: str, **options) -> None:
    address = f"{trial.site.elasticsearch.url}/{path}"
    requests.request(method, address, timeout=60, **options).raise_for_status()


def while_away(begin: Callable, end: Callable, seen: str, trial: Trial) -> None:
    begin(trial)
    if seen:
        trial.must_see("elasticsearch", seen)
    else:
        trial.rest(15)
    trial.recovered()
    end(trial)


def stop(trial: Trial) -> None:
    trial.site.elasticsearch.stop()


def start(trial: Trial) -> None:
    from ..site import wait_for

    trial.site.elasticsearch.start()
    wait_for(lambda: call(trial, "GET", "_cluster/health") is None, seconds=240)
    trial.recovered_at = 0.0
    trial.recovered()


def freeze(trial: Trial) -> None:
    trial.site.elasticsearch.freeze()


def thaw(trial: Trial) -> None:
    trial.site.elasticsearch.thaw()


def names(trial: Trial) -> list[str]:
    """Our indices. Elasticsearch neither removes nor closes any by a pattern."""
    address = f"{trial.site.elasticsearch.url}/_cat/indices/{INDICES}?format=json"
    return [each["index"] for each in requests.get(address, timeout=30).json()]


def empty(trial: Trial) -> None:
    for name in names(trial):
        call(trial, "DELETE", name)


def nothing(trial: Trial) -> None:
    """It is filled by itself."""


def read_only(trial: Trial) -> None:
    settings(trial, **{"index.blocks.read_only_allow_delete": True})


def writable(trial: Trial) -> None:
    settings(trial, **{"index.blocks.read_only_allow_delete": None})


def redden(trial: Trial) -> None:
    """Taken from the machine that they are on, the indices find no other that they may be on."""
    settings(trial, **{"index.routing.allocation.require._name": "nobody"})
    found = requests.get(
        f"{trial.site.elasticsearch.url}/_cat/shards/{INDICES}?format=json", timeout=30
    )
    for shard in found.json():
        if shard["state"] == "STARTED":
            cancel = {"index": shard["index"], "shard": int(shard["shard"]), "node": shard["node"]}
            command = {"cancel": cancel | {"allow_primary": True}}
            call(trial, "POST", "_cluster/reroute", json={"commands": [command]})


def allow(trial: Trial) -> None:
    settings(trial, **{"index.routing.allocation.require._name": None})


def _fault(name: str, begin: Callable, end: Callable, seen: str) -> Fault:
    return Fault(
        f"Elasticsearch {name}", partial(while_away, begin, end, seen), row="`elasticsearch: …"
    )


FAULTS = [
    _fault("frozen", freeze, thaw, "the database answers"),
    _fault("emptied", empty, nothing, ""),
    _fault("read-only", read_only, writable, ""),
    _fault("red", redden, allow, "the database answers"),
    _fault("stopped", stop, start, "the database answers"),
]
