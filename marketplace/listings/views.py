"""The page of one listing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.listings import reports
from marketplace.listings.favourites.services import forget, remember
from marketplace.listings.forms import ReportForm
from marketplace.listings.models import WORDS, MaterialListing
from marketplace.listings.permissions import (
    can_edit_listing,
    can_request,
    can_see_contact,
    can_see_listing,
)
from marketplace.organisations.homes import home_of
from marketplace.organisations.permissions import acting_organisation, organisations_of
from marketplace.safety.presentation import answers_in_words, by_age
from portal.foundation import throttling
from portal.foundation.page_cache.fragments import kept_part
from portal.foundation.page_cache.personal import personal_part
from portal.foundation.pages.wiring import context_of
from portal.foundation.structured_data import breadcrumb_list, picture

SIMILAR, SIMILAR_AMONG = 4, 24
PERSONAL = "marketplace/listings/personal"
# Of a listing, what only some read: not even asked for, nor kept with the page, for anybody else.
OF_ITS_GIVER = (
    "organisation__address",
    "organisation__approval_note",
    "organisation__contact_name",
    "organisation__contact_email",
    "organisation__contact_phone",
)
PRIVATE = (
    "contact_name",
    "contact_phone",
    "contact_email",
    "pickup_address",
    "reference",
    "storage_place",
)


def listing(request, pk, slug):
    """A listing as anybody sees it; its own people see it before it is published, too."""
    shown = MaterialListing.objects.in_words().select_related("recall").prefetch_related(WORDS)
    found = get_object_or_404(shown.defer(*PRIVATE, *OF_ITS_GIVER), pk=pk)
    is_seen = found.live and can_see_listing(request.user, found)
    if not is_seen and not can_edit_listing(request.user, found):
        raise Http404
    if slug != found.slug:
        return redirect(found, permanent=True)
    return render(
        request,
        "marketplace/listings/listing_detail.html",
        listing_context(found, request) | {"only_own": not found.live},
    )


@login_required
@require_POST
def remember_listing(request, pk):
    """Save a listing among one's own, or take it away with `bort`."""
    found = get_object_or_404(MaterialListing.objects.published().seen_by(request.user), pk=pk)
    if "bort" in request.POST:
        forget(listing=found, by=request.user)
        messages.success(request, _("It is no longer among what you have saved."))
    else:
        remember(listing=found, by=request.user)
        messages.success(request, _("Saved. You will find it on My page."))
    return redirect(found)


@login_required
def report_listing(request, pk):
    """Tell the editors that something is wrong with a listing."""
    found = get_object_or_404(
        MaterialListing.objects.published().seen_by(request.user).for_cards(), pk=pk
    )
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttling.allows("report_device", key=throttling.device_of(request)):
            reports.report_listing(listing=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Thank you. The editors have been told."))
            return redirect(found)
        form.add_error("text", throttling.TOO_OFTEN)
    return render(
        request, "marketplace/listings/report_listing.html", {"listing": found, "form": form}
    )


@context_of(MaterialListing)
def listing_context(listing, request):
    """What the template shows, for the page and for the preview in the admin alike."""
    factor = listing.category.current_factor
    left_kg = listing.stock.left_kg
    way = way_to(listing)
    prefetch_related_objects([listing], *MaterialListing.objects.photos())
    today = timezone.localdate()
    return {
        "listing": listing,
        "may_follow": bool(listing.available_from and listing.available_from > today),
        "photos": sorted(listing.photos.all(), key=lambda photo: photo.sort_order or 0),
        "factor": factor,
        "left_kg": left_kg,
        "left_co2e_kg": left_kg * factor.kgco2e_per_kg if factor else None,
        "left_sek": left_kg * factor.sek_per_kg if factor else None,
        "line": listing.safety_line,
        "safety": by_age(listing.answers),
        "answers": answers_in_words(listing.answers),
        "questions": listing.questions.shown(),
        "breadcrumb": way,
        "structured": {
            "@graph": [
                structured(request, listing),
                breadcrumb_list(request, way, listing.shown.title),
            ]
        },
    }


def what_is_theirs(request, listing):
    """What the reader has to do with the listing, and may do. Asked once for a page."""
    if getattr(request, "theirs_of", None) != listing.pk:
        request.theirs_of, request.theirs = listing.pk, _what_is_theirs(request, listing)
    return request.theirs


def _what_is_theirs(request, listing):
    user, organisation = request.user, acting_organisation(request)
    own = organisations_of(request)
    asked = organisation and organisation.reservations
    shows_contact = can_see_contact(user, listing, own)
    if shows_contact and listing.get_deferred_fields():
        listing.refresh_from_db(fields=PRIVATE)
    return {
        "listing": listing,
        "own": can_edit_listing(user, listing, own),
        "may_request": can_request(user, listing, own),
        "may_wait": listing.can_come_back(),
        "shows_contact": shows_contact,
        "is_remembered": user.is_authenticated and listing.favourites.filter(user=user).exists(),
        "own_reservation": asked and asked.open().filter(listing=listing).first(),
        "add_to": asked and asked.given_by(listing.organisation).can_be_added_to().first(),
    }


@personal_part("listing_follow")
def follow_part(request, listing):
    """The way to be told when it can be collected."""
    user = request.user
    if not user.is_authenticated:
        return ""
    follows = listing.follows.filter(user=user).exists()
    context = what_is_theirs(request, listing) | {"follows": follows}
    return render_to_string(f"{PERSONAL}/follow.html", context, request)


@personal_part("listing_actions")
def actions_part(request, listing):
    """What the reader can do with it: ask for it, or change it where it is their own."""
    return render_to_string(f"{PERSONAL}/actions.html", what_is_theirs(request, listing), request)


@personal_part("listing_contact")
def contact_part(request, listing):
    """The ways to save it, tell of it and ask about it, and where it is collected."""
    address = request.build_absolute_uri(listing.get_absolute_url())
    context = what_is_theirs(request, listing) | {"address": address}
    return render_to_string(f"{PERSONAL}/contact.html", context, request)


@personal_part("similar_listings")
def similar_part(request, listing):
    """Others that the reader can ask for. The same for all who are at home in the same places."""

    def rendered():
        similar = similar_to(listing, request.user)
        prefetch_related_objects(similar, *MaterialListing.objects.photos())
        return render_to_string(f"{PERSONAL}/similar.html", {"similar": similar})

    home = home_of(request.user, organisations_of(request))
    return kept_part(request, "similar", rendered, listing.pk, home and home.key)


def way_to(listing):
    """The way to a listing, for its breadcrumb: all material, then its kind."""
    all_material = reverse("search:material")
    return [
        {"url": all_material, "title": _("Material")},
        {
            "url": f"{all_material}?kategori={listing.category.slug}",
            "title": listing.category_name,
        },
    ]


def structured(request, listing):
    """The listing as schema.org knows it: a Product with an Offer that costs nothing."""
    return {
        "@type": "Product",
        "name": listing.shown.title,
        "description": listing.shown.text,
        "category": listing.category_name,
        "url": request.build_absolute_uri(listing.get_absolute_url()),
        "inLanguage": listing.shown.language,
        **picture(listing.cover),
        "offers": {
            "@type": "Offer",
            "price": "0",
            "priceCurrency": "SEK",
            "availability": "https://schema.org/InStock"
            if listing.is_available
            else "https://schema.org/SoldOut",
            "offeredBy": {"@type": "Organization", "name": listing.organisation.name},
            "areaServed": listing.municipality.name,
        },
    }


def similar_to(listing, user):
    """Up to four others that `user` can ask for: the same category first, then a wider one.

    Of the newest two dozen, at which the database stops however many there are.
    """
    category = listing.category
    family = [category.pk, *([category.parent_id] if category.parent_id else [])]
    newest = (
        MaterialListing.objects.available_to(user)
        .exclude(pk=listing.pk)
        .filter(Q(category_id__in=family) | Q(category__parent_id__in=family))
        .in_words()
        .order_by("-pk")[:SIMILAR_AMONG]
    )
    return sorted(newest, key=lambda each: each.category_id != category.pk)[:SIMILAR]
