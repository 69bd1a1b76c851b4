"""Wires what a model shows and answers from the views of its subject: models import no views."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

Wired = TypeVar("Wired", bound=Callable[..., Any])


def context_of(model: type[Model]) -> Callable[[Wired], Wired]:
    """Decorate a function of (thing, request): {name: value} for the template of `model`."""
    return _attribute(model, "page_context")


def preview_of(model: type[Model]) -> Callable[[Wired], Wired]:
    """Decorate a view of (thing, request, mode): what the editor's preview of `model` shows."""
    return _attribute(model, "serve_preview")


def _attribute(model: type[Model], name: str) -> Callable[[Wired], Wired]:
    def wire(function: Wired) -> Wired:
        setattr(model, name, function)
        return function

    return wire


def route_of(model: type[RoutablePageMixin], pattern: str, *, name: str) -> Callable:
    """Decorate a view of (request, page) that answers at `pattern` below the page's own URL."""

    def wire(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def route(self: RoutablePageMixin, request: HttpRequest) -> HttpResponse:
            return view(request, self)

        setattr(model, name, path(pattern, name=name)(route))
        return view

    return wire
