"""The table in `docs/faults.md`."""

import os
import platform
from datetime import date

from .load import Load
from .site import ROOT
from .trial import Fault, Trial

PAGE = ROOT / "docs" / "faults.md"
INTRODUCTION = """\
# Faults

`script/faults` starts PostgreSQL (with fsync), Elasticsearch, a cache, a mail server and the proxy,
and the portal with its production settings: two web processes, a worker, the timer. Then it breaks
one after the other while people read, ask for material and write messages, and writes this page.
What gets no answer is sent again with the same form, as somebody does who presses the button again.

A fault **holds** when nothing that somebody was told is saved is lost, nothing is there twice,
everybody got an answer in the end, `/halsa/redo` said what was wrong, and all was well within 60 s:
health, a page, a message, and the mail about it. “Well after” counts from the moment when the cause
had ended, or the step of [the guide](operation.md#what-you-see--what-to-do) was taken.

"""
COLUMNS = [
    "fault",
    "people did",
    "got a page / were asked to come back / got no answer",
    "lost",
    "doubled",
    "health said",
    "well after",
    "how",
    "tried",
    "holds",
]


def answers(load: Load) -> str:
    """How many pages readers and writers got, how often they were asked to come back, and what
    else they got."""
    said = load.read.copy()
    for act in load.acts:
        said.update(act.answers)
    page, back = said.pop("page", 0), said.pop("come back", 0)
    others = ", ".join(f"{number} × {what}" for what, number in said.items())
    return f"{page} / {back} / {others or 0}"


def row(trial: Trial) -> str:
    after = "never" if trial.well_after is None else f"{trial.well_after:.0f} s"
    cells = [
        trial.fault.name,
        f"{len(trial.load.done())} acts",
        answers(trial.load),
        str(trial.lost),
        str(trial.doubled),
        ", ".join(trial.seen + trial.notes) or "–",
        after,
        trial.fault.step,
        f"{date.today()}",
        "yes" if trial.holds else "**no**: " + "; ".join(trial.broken)[:300],
    ]
    return line(cells)


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |"


def machine() -> str:
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}. The machine was shared with "
        f"other work (load {os.getloadavg()[0]:.0f} at the end), so times are longer than on one "
        "of its own."
    )


def name_in(line: str) -> str:
    return line.split("|")[1].strip()


def kept() -> dict[str, str]:
    """The rows of earlier runs, by the names of their faults."""
    lines = PAGE.read_text().splitlines() if PAGE.exists() else []
    return {name_in(line): line for line in lines if line.startswith("| ")}


def write(trials: list[Trial], faults: list[Fault]) -> None:
    """Put the rows of `trials` into the page, in the order of `faults`; others stay."""
    rows = kept() | {trial.fault.name: row(trial) for trial in trials}
    tried = [rows[fault.name] for fault in faults if fault.name in rows]
    held = sum(each.endswith("| yes |") for each in tried)
    told = f"{held} of {len(tried)} hold. {machine()}"
    lines = [line(COLUMNS), line(["---"] * len(COLUMNS)), *tried]
    parts = [INTRODUCTION + told, "\n".join(lines)]
    missing = [fault.name for fault in faults if fault.name not in rows]
    if missing:
        parts.append(f"Not tried yet: {'; '.join(missing)}.")
    PAGE.write_text("\n\n".join(parts) + "\n")
