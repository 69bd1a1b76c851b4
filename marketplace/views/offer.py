"""Offering material: one page, that anybody may fill in before they sign in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import permissions, services, signals, wanted
from marketplace.errors import ExchangeError
from marketplace.forms.offer import OfferForm
from marketplace.forms.photos import PhotoSet
from marketplace.models import (
    ListingPhoto,
    MaterialListing,
    OfferDraft,
    Organisation,
    PhotoUpload,
    WantedAd,
)

DRAFT_KEY = "offer_draft"


def offer(request):
    """The offer form. Signed out, it is kept until the person has signed in or registered."""
    organisation = giving_organisation(request)
    if request.method != "POST":
        draft = kept_draft(request)
        if draft and "borja-om" not in request.GET:
            data = QueryDict(mutable=True)
            for name, values in draft.data.items():
                data.setlist(name, values)
            request.POST = data
            form = OfferForm(initial=initial_from(data))
            photos = PhotoSet.from_request(request, maximum=MaterialListing.MAX_PHOTOS)
            return show(
                request,
                form,
                photos,
                organisation=organisation,
                restored=True,
                came_by=data.get("k"),
            )
        drop_draft(request)
        initial = initial_for(request.user, organisation)
        if wanted_ad := answered_ad(request):
            initial["category"] = wanted_ad.category_id
        form = OfferForm(initial=initial)
        return show(
            request, form, PhotoSet(maximum=MaterialListing.MAX_PHOTOS), organisation=organisation
        )

    photos = PhotoSet.from_request(request, maximum=MaterialListing.MAX_PHOTOS)
    if PhotoSet.only_photos(request):
        form = OfferForm(initial=initial_from(request.POST))
        return show(request, form, photos, organisation=organisation)
    form = OfferForm(request.POST)
    valid = form.is_valid() and not photos.errors
    if not request.user.is_authenticated or organisation is None:
        if not valid:
            return show(request, form, photos, organisation=organisation)
        keep_draft(request, photos)
        return redirect(f"{next_step(request)}?{urlencode({'next': reverse('marketplace:offer')})}")
    if not valid:
        if "save" in request.POST:
            keep_draft(request, photos)
            messages.info(request, _("Saved as it is. It needs the following before it is sent."))
        return show(request, form, photos, organisation=organisation)
    listing = form.save(commit=False)
    listing.organisation = organisation
    listing.created_by = request.user
    listing.live = False
    return finish(request, listing, form, photos)


@login_required
def edit(request, pk):
    """Change a listing. What is published stays online until the change has been approved."""
    listing = own_listing(request, pk)
    latest = listing.get_latest_revision_as_object()
    if request.method != "POST":
        photos = PhotoSet.of(latest, maximum=MaterialListing.MAX_PHOTOS)
        form = OfferForm(instance=latest)
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    photos = PhotoSet.from_request(request, maximum=MaterialListing.MAX_PHOTOS)
    if PhotoSet.only_photos(request):
        form = OfferForm(instance=latest, initial=initial_from(request.POST))
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    form = OfferForm(request.POST, instance=latest)
    if not form.is_valid() or photos.errors:
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    return finish(request, form.save(commit=False), form, photos, listing=listing)


@login_required
def copy(request, pk):
    """Offer the same again: the form filled in from an earlier listing, photos included."""
    listing = own_listing(request, pk)
    photos = PhotoSet.of(listing, maximum=MaterialListing.MAX_PHOTOS)
    copied = OfferForm(instance=listing)
    initial = {
        name: copied.get_initial_for_field(field, name) for name, field in copied.fields.items()
    }
    initial |= {"available_from": None, "available_until": None}
    initial["tags"] = ", ".join(listing.tags.names())
    return show(
        request, OfferForm(initial=initial), photos, organisation=listing.organisation, copied=True
    )


@login_required
def withdraw(request, pk):
    """Asked first: requests of others are declined, and that cannot be undone."""
    listing = own_listing(request, pk)
    if request.method != "POST":
        return render(request, "marketplace/withdraw.html", {"listing": listing})
    services.withdraw_listing(listing=listing, by=request.user)
    messages.success(request, _("“%(title)s” is no longer given away.") % {"title": listing.title})
    return redirect("marketplace:my_page")


@login_required
@require_POST
def reopen(request, pk):
    listing = own_listing(request, pk)
    try:
        services.reopen_listing(listing=listing, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(title)s” is given away again.") % {"title": listing.title})
    return redirect("marketplace:my_page")


# --- Parts of the above ---------------------------------------------------------------------------


def show(
    request,
    form,
    photos,
    *,
    organisation,
    listing=None,
    restored=False,
    copied=False,
    came_by=None,
):
    return render(
        request,
        "marketplace/offer.html",
        {
            "form": form,
            "photos": photos,
            "organisation": organisation,
            "listing": listing,
            "restored": restored,
            "copied": copied,
            "wanted_ad": answered_ad(request, listing),
            # The code of the link that led here; the form carries it on (see `listing_begun`).
            "came_by": came_by or request.POST.get("k") or request.GET.get("k", ""),
            "action": reverse("marketplace:offer_edit", args=[listing.pk])
            if listing
            else reverse("marketplace:offer"),
        },
    )


def finish(request, new, form, photos, *, listing=None):
    """Save the listing with photos and stock, all or nothing, and send it where it was to go."""
    wanted_ad = answered_ad(request, listing)
    new.answers_ad = wanted_ad if "save" in request.POST else None
    try:
        with transaction.atomic():
            photos.name_images(new.title)
            new.tags.set(form.cleaned_data["tags"])
            new.photos.set(
                [
                    ListingPhoto(image=image, sort_order=order)
                    for order, image in enumerate(photos.images)
                ]
            )
            # The row of something published is the published version; only its revision changes.
            if not new.live:
                new.save()
            if listing is None:
                signals.listing_begun.send(
                    sender=MaterialListing, listing=new, came_by=request.POST.get("k", "")
                )
            PhotoUpload.objects.filter(image__in=photos.images).delete()
            services.set_stock(listing=new, **form.stock_values())
            if "save" in request.POST:
                new.save_revision(user=request.user, log_action=True)
            else:
                services.submit_listing(listing=new, by=request.user)
                if wanted_ad and permissions.can_answer_wanted_ad(request.user, new.organisation):
                    wanted.answer_wanted_ad(
                        wanted_ad=wanted_ad,
                        organisation=new.organisation,
                        by=request.user,
                        listing=new,
                    )
    except ExchangeError as error:
        form.add_error("quantity", str(error))
        if listing is None:
            new.pk = None
        return show(request, form, photos, organisation=new.organisation, listing=listing)
    drop_draft(request)
    if "save" in request.POST:
        messages.success(request, _("Saved. You find it on your page when you want to go on."))
    else:
        published = MaterialListing.objects.get(pk=new.pk)
        if published.live and not published.has_unpublished_changes:
            messages.success(request, _("Thank you! It is online now, and schools can find it."))
        else:
            messages.success(
                request,
                _("Thank you! An editor looks at it, and you get a mail when it is online."),
            )
    return redirect("marketplace:my_page")


def answered_ad(request, listing=None):
    """The open wanted ad that the form was opened from, now or when `listing` was begun."""
    ads = WantedAd.objects.open().select_related("organisation", "category")
    if listing:
        return ads.filter(pk=listing.answers_ad_id).first()
    pk = request.POST.get("efterlysning") or request.GET.get("efterlysning", "")
    return ads.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None


def own_listing(request, pk):
    listing = get_object_or_404(
        MaterialListing.objects.select_related("organisation", "stock"), pk=pk
    )
    if not permissions.can_edit_listing(request.user, listing):
        raise PermissionDenied
    return listing


def giving_organisation(request):
    """The company to offer for: the one that is acted for, or else the person's first company."""
    acting = permissions.acting_organisation(request)
    if acting and acting.is_company:
        return acting
    if not request.user.is_authenticated:
        return None
    return Organisation.objects.of_user(request.user).companies().first()


def next_step(request):
    """Where somebody without a company goes first: to sign in, or to register one."""
    if not request.user.is_authenticated:
        return reverse("account_login")
    return reverse("marketplace:organisation_register")


def initial_for(user, organisation):
    """What need not be typed again: the organisation's place, the person's name and address."""
    if organisation is None:
        return {}
    return {
        "pickup_address": organisation.address,
        "pickup_postcode": organisation.postcode,
        "pickup_town": organisation.town,
        "contact_name": user.get_full_name() or organisation.contact_name,
        "contact_email": user.email,
        "contact_phone": organisation.contact_phone,
    }


def initial_from(data):
    """The values of a posted form as initial values: shown again, not yet judged."""
    initial = {name: data.get(name) for name in OfferForm.base_fields}
    for name, field in OfferForm.base_fields.items():
        if field.__class__.__name__ == "BooleanField":
            initial[name] = name in data
    return initial


def kept_draft(request):
    """The offer that was begun earlier by this person or in this browser, or None."""
    key = request.session.get(DRAFT_KEY)
    draft = OfferDraft.objects.filter(pk=key).first() if key else None
    if not request.user.is_authenticated:
        return draft
    if draft and draft.user_id is None:
        # Begun before signing in: from now on it is the person's, on every device.
        OfferDraft.objects.filter(user=request.user).delete()
        draft.user = request.user
        draft.save()
        return draft
    return OfferDraft.objects.filter(user=request.user).first()


def keep_draft(request, photos):
    data = {
        name: values
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "save", "send", "photo")
    }
    data["photo"] = photos.signed
    draft = kept_draft(request) or OfferDraft(
        user=request.user if request.user.is_authenticated else None
    )
    draft.data = data
    draft.save()
    request.session[DRAFT_KEY] = draft.pk


def drop_draft(request):
    if draft := kept_draft(request):
        draft.delete()
    request.session.pop(DRAFT_KEY, None)
