"""The driver's day, behind a link that ends: no account, and nothing but that day's list."""

from http import HTTPStatus

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from marketplace.review.errors import ExchangeError
from marketplace.transport.driving import record_tap, stops_of, tour_of
from marketplace.transport.errors import LinkIsOver
from marketplace.transport.forms import TapForm
from portal.foundation import throttling


def _private(response):
    """Nobody keeps the page but the driver's own phone, and no search engine or referrer has it."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def driver(request, token):
    """The list of the day. On any other day it shows no address, only which day it is for."""
    try:
        tour = tour_of(token)
    except LinkIsOver as error:
        return _over(request, str(error))
    return _day(request, tour)


def _day(request, tour, wrong=None, status=HTTPStatus.OK):
    if not tour.run.is_today:
        template = "marketplace/transport/driver_other_day.html"
        return _private(render(request, template, {"tour": tour}, status=status))
    rows = [
        (stop, wrong if wrong and wrong.stop.pk == stop.pk else TapForm(stop=stop))
        for stop in stops_of(tour)
    ]
    done = sum(stop.is_done for stop, _form in rows)
    context = {
        "tour": tour,
        "run": tour.run,
        "rows": rows,
        "done": done,
    }
    return _private(render(request, "marketplace/transport/driver.html", context, status=status))


def _over(request, message):
    response = render(
        request,
        "marketplace/transport/driver_over.html",
        {"message": message},
        status=HTTPStatus.GONE,
    )
    return _private(response)


@require_POST
def tap(request, token, pk):
    """What happened at a stop: by the form of the page, or sent later by a phone that was away."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        tour = tour_of(token)
    except LinkIsOver as error:
        return _refused(str(error), HTTPStatus.GONE) if wants_json else _over(request, str(error))
    throttling.consume("driver_link", key=str(tour.pk))
    stop = get_object_or_404(stops_of(tour), pk=pk)
    form = TapForm(request.POST, request.FILES, stop=stop)
    if not form.is_valid():
        text = " ".join(str(text) for errors in form.errors.values() for text in errors)
        if wants_json:
            return _refused(text, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _day(request, tour, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        stop = record_tap(tour=tour, stop=stop, tap=form.tap())
    except ExchangeError as error:
        if wants_json:
            return _refused(str(error), HTTPStatus.CONFLICT)
        form.add_error(None, str(error))
        return _day(request, tour, form, HTTPStatus.CONFLICT)
    if wants_json:
        return _private(JsonResponse({"state": stop.state, "text": str(stop.get_state_display())}))
    return _private(redirect("marketplace:driver", token=token))


def _refused(text, status):
    return _private(JsonResponse({"error": text}, status=status))
