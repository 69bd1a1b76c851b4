"""The pages of hubs: all of them, one, its opening times, and what its own people do there."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from marketplace.hubs import services
from marketplace.hubs.arrivals.services import put_on_shelf
from marketplace.hubs.counting import recount
from marketplace.hubs.errors import CountedMeanwhile
from marketplace.hubs.forms import CountForm, ShelfForm, TakeInForm
from marketplace.hubs.labels import shelves_pdf
from marketplace.hubs.models import Hub, HubTime
from marketplace.hubs.openings import coming_times, next_openings
from marketplace.hubs.permissions import can_make_cards, listed_hub, own_hub
from marketplace.municipalities.models import Municipality
from marketplace.occasions.views import booking_context
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.errors import ExchangeError
from portal.foundation.printing import pdf_response

TIMES_SHOWN = 8


@require_safe
def hubs(request):
    """`/nav/`: every hub of the site's municipalities."""
    places = Municipality.objects.for_site(Site.find_for_request(request))
    found = Hub.objects.listed().filter(organisation__municipality__in=places)
    found = found.select_related("organisation__municipality")
    opens = next_openings(found)
    rows = [(each, opens.get(each.pk, "")) for each in found]
    return render(request, "marketplace/hubs/hub_list.html", {"hubs": rows})


@require_safe
def hub(request, slug):
    """What is there, when it is open, and how one behaves."""
    found, runs = listed_hub(request, slug)
    shelves = found.shelves.select_related("listing__stock", "category__parent")
    return render(
        request,
        "marketplace/hubs/hub.html",
        {
            "hub": found,
            "runs": runs,
            "coming": found.arrivals.expected().count() if runs else 0,
            "may_make_cards": can_make_cards(request.user, acting_organisation(request)),
            "shelves": shelves,
            "closings": found.closings.coming().order_by("first_day"),
            "times": coming_times(found).filter(occasion__called_off=False)[:TIMES_SHOWN],
        },
    )


@require_safe
def hub_time(request, slug, pk):
    """One opening time, with its places."""
    found, _runs = listed_hub(request, slug)
    time = get_object_or_404(
        HubTime.objects.filter(hub=found).select_related("occasion", "hub"), pk=pk
    )
    context = booking_context(request, time.occasion, time.get_absolute_url())
    return render(
        request, "marketplace/hubs/hub_time.html", {"hub": found, "time": time, **context}
    )


@login_required
def take_in(request, slug):
    """A box on the scale, and where it goes. The shelf and the giver stay for the next one."""
    found = own_hub(request, slug)
    if not found.shelves.exists():
        messages.info(request, _("Add a shelf first."))
        return redirect("marketplace:new_shelf", slug)
    arrival = arrival_of(request, found)
    form = TakeInForm(request.POST or None, hub=found, arrival=arrival)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            if arrival:
                put_on_shelf(arrival=arrival, by=request.user, **values)
            else:
                services.take_in(by=request.user, **values)
        except ExchangeError as error:
            form.add_error("mass_kg", str(error))
        else:
            messages.success(
                request,
                _("%(kilos)s kg on %(shelf)s.")
                % {
                    "kilos": form.fields["mass_kg"].prepare_value(values["mass_kg"]),
                    "shelf": values["shelf"],
                },
            )
            return redirect(after_taking_in(found, arrival, values))
    if request.method != "POST":
        form.initial = {
            **form.initial,
            "key": uuid4(),
            "shelf": request.GET.get("hylla") or form.initial.get("shelf"),
            "origin": request.GET.get("fran"),
        }
    return render(
        request,
        "marketplace/hubs/take_in.html",
        {"hub": found, "form": form, "arrival": arrival},
    )


def after_taking_in(found, arrival, values):
    """Where the next box is taken in: with the same shelf and giver, or from what is expected."""
    if arrival:
        return reverse("marketplace:arrivals", args=[found.slug])
    kept = f"?hylla={values['shelf'].pk}"
    if values["origin"]:
        kept += f"&fran={values['origin'].pk}"
    return reverse("marketplace:take_in", args=[found.slug]) + kept


def arrival_of(request, found):
    """What is taken in, where it was announced (`?vantad=<pk>`), or None."""
    chosen = request.GET.get("vantad", "")
    if not chosen.isdecimal() or len(chosen) > 12:
        return None
    return get_object_or_404(found.arrivals.with_parties(), pk=int(chosen), movement=None)


@login_required
def new_shelf(request, slug):
    """Put up a shelf: what is on it, and what its portions weigh."""
    found = own_hub(request, slug)
    form = ShelfForm(request.POST or None, hub=found)
    if request.method == "POST" and form.is_valid():
        shelf = services.open_shelf(hub=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(shelf)s is there. Print its label.") % {"shelf": shelf.name})
        return redirect(found)
    return render(request, "marketplace/hubs/new_shelf.html", {"hub": found, "form": form})


@login_required
def count_shelf(request, slug, pk):
    """Count what is on a shelf. What is missing is a loss with its reason, and no handover."""
    found = own_hub(request, slug)
    shelf = get_object_or_404(found.shelves.select_related("listing__stock"), pk=pk)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recount(shelf=shelf, by=request.user, **form.cleaned_data)
        except CountedMeanwhile as error:
            form = CountForm({**request.POST.dict(), "expected_kg": f"{shelf.left_kg:.3f}"})
            form.add_error("counted_kg", str(error))
        else:
            messages.success(request, _("%(shelf)s is counted.") % {"shelf": shelf.name})
            return redirect(found)
    if request.method != "POST":
        form.initial = {"expected_kg": f"{shelf.left_kg:.3f}"}
    return render(
        request,
        "marketplace/hubs/count_shelf.html",
        {"hub": found, "shelf": shelf, "form": form},
    )


@login_required
@require_safe
def shelf_labels(request, slug):
    """The labels of all shelves as A4 sheets; `?hylla=<pk>` prints one."""
    found = own_hub(request, slug)
    shelves = found.shelves.select_related("category")
    chosen = request.GET.get("hylla", "")
    if chosen.isdecimal() and len(chosen) < 12:
        shelves = shelves.filter(pk=int(chosen))
    if not shelves:
        return redirect(found)
    return pdf_response(shelves_pdf(shelves), f"{found.slug}.pdf")
