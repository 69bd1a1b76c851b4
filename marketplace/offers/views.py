"""Offering material: one page, that anybody may fill in before they sign in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marketplace.listings.models import MaterialListing
from marketplace.listings.permissions import can_edit_listing
from marketplace.listings.photos.forms import PhotoSet
from marketplace.listings.photos.models import PhotoUpload
from marketplace.notifications.phones.moments import note_moment
from marketplace.offers.drafts import (
    keep_draft,
    kept_drafts,
    opened_draft,
    sent_draft,
    split_photos,
)
from marketplace.offers.forms import OfferForm
from marketplace.offers.services import reopen_listing, set_stock, submit_listing, withdraw_listing
from marketplace.organisations.permissions import giving_organisation
from marketplace.organisations.places.services import keep_place
from marketplace.review.errors import ExchangeError
from marketplace.review.words import word_to_sender
from marketplace.safety.answers import QUESTIONS, UNKNOWN
from marketplace.signals import listing_created
from marketplace.wanted.models import WantedAd
from marketplace.wanted.permissions import can_answer_wanted_ad
from marketplace.wanted.services import answer_wanted_ad
from portal.foundation import throttling

# What the photos of a new listing are signed for (see `marketplace.photos.References`).
OFFER = "offer"


def offer(request):
    """The offer form. Signed out, it is kept until the person has signed in or registered."""
    organisation = giving_organisation(request)
    if request.method != "POST":
        return open_form(request, organisation)
    photos = PhotoSet.from_request(request, maximum=MaterialListing.MAX_PHOTOS, purpose=OFFER)
    if PhotoSet.only_photos(request):
        form = OfferForm(initial=initial_from(request.POST), organisation=organisation)
        return show(request, form, photos, organisation=organisation)
    if "several" in request.POST and len(photos.images) > 1 and not photos.errors:
        return one_of_each(request, photos, organisation)
    sending = organisation is not None and "save" not in request.POST
    form = OfferForm(request.POST, organisation=organisation, sending=sending)
    valid = form.is_valid() and not photos.errors
    if not request.user.is_authenticated or organisation is None:
        if valid:
            return sign_in_first(request, form, photos, organisation)
        return show(request, form, photos, organisation=organisation)
    if not valid:
        draft = None
        if "save" in request.POST:
            draft = keep_as_it_is(request, form, photos)
        return show(request, form, photos, organisation=organisation, draft=draft)
    listing = form.save(commit=False)
    listing.organisation = organisation
    listing.created_by = request.user
    listing.live = False
    return finish(request, listing, form, photos)


def open_form(request, organisation):
    """Show the form: empty, for a wanted ad, or with the draft that was opened."""
    draft = opened_draft(request)
    if draft is None:
        initial = initial_for(request.user, organisation)
        if wanted_ad := answered_ad(request):
            initial |= {"category": wanted_ad.category_id, "title": wanted_ad.title}
        photos = PhotoSet(maximum=MaterialListing.MAX_PHOTOS)
        form = OfferForm(initial=initial, organisation=organisation)
        return show(request, form, photos, organisation=organisation)
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    # What it answers, and the link that led to it, are read from there.
    request.POST = data
    initial = initial_from(data)
    for name, value in initial_for(request.user, organisation).items():
        initial[name] = initial[name] or value
    return show(
        request,
        OfferForm(initial=initial, organisation=organisation),
        PhotoSet.of_draft(data, request, maximum=MaterialListing.MAX_PHOTOS, purpose=OFFER),
        organisation=organisation,
        draft=draft,
        referral_code=data.get("k"),
    )


def sign_in_first(request, form, photos, organisation):
    """Keep a complete offer while the person signs in or registers, within a limit per device."""
    try:
        throttling.consume_by_device("draft", request=request)
        draft = keep_draft(request, photos)
    except throttling.TooOften as error:
        form.add_error(None, str(error))
        return show(request, form, photos, organisation=organisation)
    return redirect(f"{next_step(request)}?{urlencode({'next': draft.get_absolute_url()})}")


@login_required
def edit(request, pk):
    """Change a listing. What is published stays online until the change has been approved."""
    listing = own_listing(request, pk)
    latest = listing.get_latest_revision_as_object()
    kind: dict[str, Any] = {
        "maximum": MaterialListing.MAX_PHOTOS,
        "purpose": f"listing:{listing.pk}",
    }
    if request.method != "POST":
        photos = PhotoSet.of(latest, request, **kind)
        form = OfferForm(instance=latest, organisation=listing.organisation)
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    photos = PhotoSet.from_request(request, **kind)
    if PhotoSet.only_photos(request):
        initial = initial_from(request.POST)
        form = OfferForm(instance=latest, initial=initial, organisation=listing.organisation)
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    form = OfferForm(
        request.POST,
        instance=latest,
        organisation=listing.organisation,
        sending="save" not in request.POST,
    )
    if not form.is_valid() or photos.errors:
        return show(request, form, photos, organisation=listing.organisation, listing=listing)
    return finish(request, form.save(commit=False), form, photos, listing=listing)


@login_required
def copy(request, pk):
    """Offer the same again: the form filled in from an earlier listing, photos included."""
    listing = own_listing(request, pk)
    photos = PhotoSet.of(listing, request, maximum=MaterialListing.MAX_PHOTOS, purpose=OFFER)
    copied = OfferForm(instance=listing)
    initial = {
        name: copied.get_initial_for_field(field, name) for name, field in copied.fields.items()
    }
    initial |= {"available_from": None, "available_until": None}
    # What was not known then may be known of its category now.
    initial |= {name: None for name in QUESTIONS if initial[name] == UNKNOWN}
    initial["tags"] = ", ".join(listing.tags.names())
    return show(
        request,
        OfferForm(initial=initial, organisation=listing.organisation),
        photos,
        organisation=listing.organisation,
        copied=True,
    )


@login_required
def withdraw(request, pk):
    """Asked first: requests of others are declined, and that cannot be undone."""
    listing = own_listing(request, pk)
    if request.method != "POST":
        return render(request, "marketplace/offers/withdraw.html", {"listing": listing})
    withdraw_listing(listing=listing, by=request.user)
    messages.success(request, _("“%(title)s” is no longer given away.") % {"title": listing.title})
    return redirect("marketplace:my_page")


@login_required
@require_POST
def reopen(request, pk):
    listing = own_listing(request, pk)
    try:
        reopen_listing(listing=listing, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(title)s” is given away again.") % {"title": listing.title})
    return redirect("marketplace:my_page")


def keep_as_it_is(request, form, photos):
    """Keep what is not ready to be sent, and return it; None where no more is kept."""
    try:
        draft = keep_draft(request, photos)
    except throttling.TooOften as error:
        form.add_error(None, str(error))
        return None
    messages.info(request, _("Saved as it is. It needs the following before it is sent."))
    return draft


def one_of_each(request, photos, organisation):
    """Make a form of each photo, and go on with the first; the others wait on my page."""
    try:
        throttling.consume_by_device("draft", request=request)
        first, *others = split_photos(request, photos)
    except throttling.TooOften as error:
        form = OfferForm(request.POST, organisation=organisation, sending=False)
        form.add_error(None, str(error))
        return show(request, form, photos, organisation=organisation)
    messages.success(
        request,
        ngettext(
            "There is one more, which is waiting on your page. Here is the first.",
            "There are %(count)d more, which are waiting on your page. Here is the first.",
            len(others),
        )
        % {"count": len(others)},
    )
    return redirect(first)


@require_POST
def throw_away(request, pk):
    """Discard a draft offer."""
    get_object_or_404(kept_drafts(request), pk=pk).delete()
    messages.success(request, _("What you had started has been thrown away."))
    return redirect("marketplace:my_page" if request.user.is_authenticated else "marketplace:offer")


# --- Parts of the above ---------------------------------------------------------------------------


def show(
    request,
    form,
    photos,
    *,
    organisation,
    listing=None,
    draft=None,
    copied=False,
    referral_code=None,
):
    return render(
        request,
        "marketplace/offers/offer.html",
        {
            "form": form,
            "photos": photos,
            "organisation": organisation,
            "listing": listing,
            "draft": draft or sent_draft(request),
            "restored": draft is not None and request.method != "POST",
            "word": word_to_sender(listing) if listing else "",
            "copied": copied,
            "wanted_ad": answered_ad(request, listing),
            # The code of the link that led here; the form carries it on (see `listing_created`).
            "referral_code": referral_code or request.POST.get("k") or request.GET.get("k", ""),
            "action": reverse("marketplace:offer_edit", args=[listing.pk])
            if listing
            else reverse("marketplace:offer"),
        },
    )


def finish(request, new, form, photos, *, listing=None):
    """Save the listing with photos and stock, all or nothing, and send it where it was to go."""
    wanted_ad = answered_ad(request, listing)
    answers = "save" not in request.POST and can_answer_wanted_ad(request.user, new.organisation)
    # Else remembered: it is an answer when it is sent, and its organisation is approved.
    new.answers_ad = None if answers else wanted_ad
    try:
        with transaction.atomic():
            write_listing(request, new, form, photos, is_new=listing is None)
            if "save" in request.POST:
                new.save_revision(user=request.user, log_action=True)
            else:
                submit_listing(listing=new, by=request.user)
                if answers and wanted_ad:
                    answer_wanted_ad(
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
    if draft := sent_draft(request):
        draft.delete()
    messages.success(request, outcome(request, new))
    if "save" not in request.POST:
        note_moment(request)
    return redirect("marketplace:my_page")


def write_listing(request, new, form, photos, *, is_new):
    new.tags.set(form.cleaned_data["tags"])
    new.set_photos(photos.named(new.title))
    # The row of something published is the published version; only its revision changes.
    if not new.live:
        new.save()
    if is_new:
        listing_created.send(
            sender=MaterialListing, listing=new, referral_code=request.POST.get("k", "")
        )
    PhotoUpload.objects.filter(image__in=photos.images).delete()
    set_stock(listing=new, **form.stock_values())
    keep_place(organisation=new.organisation, values=form.cleaned_data)


def outcome(request, new):
    """Return the sentence that says what became of the offer."""
    if "save" in request.POST:
        return _("Saved. You will find it on your page when you want to continue.")
    published = MaterialListing.objects.get(pk=new.pk)
    if published.live and not published.has_unpublished_changes:
        return _("Thank you! It is online now, and schools can find it.")
    return _("Thank you! An editor reviews the listing before it is published.")


def answered_ad(request, listing=None):
    """Return the open wanted ad that the form, or `listing`, is to answer, and has not yet."""
    ads = WantedAd.objects.open().select_related("organisation", "category")
    if listing:
        return ads.filter(pk=listing.answers_ad_id).exclude(answers__listing=listing).first()
    pk = request.POST.get("efterlysning") or request.GET.get("efterlysning", "")
    return ads.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None


def own_listing(request, pk):
    listing = get_object_or_404(
        MaterialListing.objects.select_related("organisation", "stock"), pk=pk
    )
    if not can_edit_listing(request.user, listing):
        raise PermissionDenied
    return listing


def next_step(request):
    """Where somebody without an organisation goes first: to sign in, or to register one."""
    if not request.user.is_authenticated:
        return reverse("account_login")
    return reverse("marketplace:organisation_register")


def initial_for(user, organisation):
    """What need not be typed again: the organisation's place, the person's name and address."""
    if organisation is None or organisation.places.exists():
        # A place that is chosen says it all.
        return {}
    return {
        "pickup_address": organisation.address,
        "pickup_postcode": organisation.postcode,
        "pickup_town": organisation.town,
        "contact_name": str(user),
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
