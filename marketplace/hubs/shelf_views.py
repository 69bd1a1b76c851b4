"""The page behind the code on a shelf: one tap says what one takes. No account is needed."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.hubs.forms import TakeForm
from marketplace.hubs.models import Scan, Shelf
from marketplace.hubs.permissions import taker
from marketplace.hubs.services import hand_out, undo_scan
from marketplace.review.errors import ExchangeError
from portal.foundation import throttling


def found_shelf(token):
    return get_object_or_404(
        Shelf.objects.select_related(
            "hub__organisation__municipality", "listing__stock", "category__parent"
        ),
        token=token,
    )


def shelf(request, token):
    """What is on the shelf, and three large buttons for those who may take."""
    found = found_shelf(token)
    organisation, card = taker(request)
    if request.method == "POST":
        return take(request, found, organisation, card)
    return page(request, found, organisation)


def page(request, found, organisation, *, error="", status=200):
    scan = None
    if organisation and (key := as_uuid(request.GET.get("tack", ""))):
        scan = Scan.objects.filter(shelf=found, organisation=organisation, key=key).first()
    return render(
        request,
        "marketplace/hubs/shelf.html",
        {
            "shelf": found,
            "hub": found.hub,
            "organisation": organisation,
            "key": uuid4(),
            "scan": scan,
            "error": error,
        },
        status=status,
    )


def as_uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None


def take(request, found, organisation, card):
    """Take a portion. A phone that was without a connection asks for JSON, and may ask again."""
    throttling.consume_by_device("hub", request=request)
    form = TakeForm(request.POST)
    wants_json = request.headers.get("Accept") == "application/json"
    if organisation is None:
        error, status = _("Scan your unit's card first, or sign in."), 403
    elif not form.is_valid():
        error, status = _("Choose how much you take."), 422
    else:
        values = form.cleaned_data
        try:
            scan = hand_out(
                shelf=found,
                organisation=organisation,
                card=card,
                by=request.user if request.user.is_authenticated and not card else None,
                size=values["size"],
                key=values["key"],
                taken_at=values["at"],
            )
        except ExchangeError as refused:
            error, status = str(refused), 409
        else:
            if wants_json:
                return JsonResponse({"key": str(scan.key), "mass_kg": float(scan.mass_kg)})
            return redirect(f"{found.get_absolute_url()}?tack={scan.key}")
    if wants_json:
        return JsonResponse({"error": error}, status=status)
    return page(request, found, organisation, error=error, status=status)


@require_safe
def offline_shelf(request):
    """What a phone shows of any shelf without a connection. It is kept, so it names nobody."""
    request.user = AnonymousUser()
    return render(request, "marketplace/hubs/shelf_offline.html", {"sizes": Shelf.Size.choices})


@require_POST
def undo(request, token, key):
    """Put back what was tapped by mistake, by the person who took it, for a quarter of an hour."""
    found = found_shelf(token)
    organisation, _card = taker(request)
    scan = get_object_or_404(Scan, shelf=found, key=key, organisation=organisation)
    try:
        undo_scan(scan=scan, by=request.user if request.user.is_authenticated else None)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Undone. Put it back on the shelf."))
    return redirect(found)
