"""The page of one listing."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import permissions, services
from marketplace.models import MaterialListing
from portal.structured import breadcrumb_list, picture

SIMILAR = 4


def listing(request, pk, slug):
    """A listing as anybody sees it; its own people see it before it is published, too."""
    found = get_object_or_404(MaterialListing.objects.for_cards(), pk=pk)
    own = permissions.can_edit_listing(request.user, found)
    if not found.live and not own:
        raise Http404
    if slug != found.slug:
        return redirect(found, permanent=True)
    return render(
        request,
        "marketplace/listing_detail.html",
        listing_context(request, found) | {"own": own},
    )


def listing_context(request, listing):
    """What the template shows, for the page and for the preview in the admin alike."""
    factor = listing.category.current_factor
    left_kg = listing.stock.left_kg
    organisation = permissions.acting_organisation(request)
    way = way_to(listing)
    return {
        "listing": listing,
        "photos": sorted(listing.photos.all(), key=lambda photo: photo.sort_order or 0),
        "factor": factor,
        "left_kg": left_kg,
        "left_co2e_kg": left_kg * factor.kgco2e_per_kg if factor else None,
        "left_sek": left_kg * factor.sek_per_kg if factor else None,
        "may_request": permissions.can_request(request.user, listing),
        "may_wait": services.can_come_back(listing, listing.stock),
        "shows_contact": permissions.can_see_contact(request.user, listing),
        "own_reservation": listing.reservations.made_by(organisation).open().first()
        if organisation
        else None,
        "similar": similar_to(listing),
        "breadcrumb": way,
        "structured": {
            "@graph": [
                structured(request, listing),
                breadcrumb_list(request, way, listing.title),
            ]
        },
    }


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
        "name": listing.title,
        "description": listing.description,
        "category": listing.category_name,
        "url": request.build_absolute_uri(listing.get_absolute_url()),
        "inLanguage": listing.language,
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


def similar_to(listing):
    """Up to four other available listings: the same category first, then the same main category."""
    category = listing.category
    family = [category.pk, *([category.parent_id] if category.parent_id else [])]
    candidates = (
        MaterialListing.objects.available()
        .exclude(pk=listing.pk)
        .filter(Q(category_id__in=family) | Q(category__parent_id__in=family))
        .values_list("pk", "category_id")
    )
    ordered = sorted(candidates, key=lambda row: (row[1] != category.pk, -row[0]))[:SIMILAR]
    found = MaterialListing.objects.for_cards().in_bulk([pk for pk, _category in ordered])
    return [found[pk] for pk, _category in ordered]
