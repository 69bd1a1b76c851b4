"""What rooms above the exchange show on my page, each in a section of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from marketplace.organisations.models import Organisation


@dataclass(frozen=True)
class Section:
    """A template, which gets `data`."""

    template: str
    data: Any


Maker = Callable[[HttpRequest, Organisation], Section | None]
MAKERS: list[Maker] = []


def register_section(maker: Maker) -> Maker:
    """Add a section: a function of a request and the organisation that somebody acts for."""
    MAKERS.append(maker)
    return maker


def sections_of(request: HttpRequest, organisation: Organisation) -> list[Section]:
    """The sections that have something to show, in the order in which they were added."""
    made = (maker(request, organisation) for maker in MAKERS)
    return [section for section in made if section]
