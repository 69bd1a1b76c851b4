"""Services for wanted ads: send one for review, close it, answer it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction

from marketplace.exchange.errors import ListingNotAvailable
from marketplace.exchange.waiting_list.services import hold_for
from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import Notification
from marketplace.notifications.services import notify
from marketplace.organisations.models import Organisation
from marketplace.review.services import send_for_review
from marketplace.wanted.models import WantedAd, WantedAnswer
from portal.foundation.users.models import User


def submit_wanted_ad(*, wanted_ad: WantedAd, by: User, tags: Iterable[str] = ()) -> WantedAd:
    """Save `wanted_ad` and send it to the editors. A published one stays online meanwhile."""
    with transaction.atomic():
        wanted_ad.tags.set(tags)
        if wanted_ad.pk is None:
            wanted_ad.live = False
            wanted_ad.created_by = by
            wanted_ad.save()
        revision = wanted_ad.save_revision(user=by, log_action=True)
        send_for_review(wanted_ad, version=revision.as_object(), by=by)
        return wanted_ad


def close_wanted_ad(*, wanted_ad: WantedAd, by: User) -> WantedAd:
    """Take the ad off the site: the school found what it needed, or no longer needs it."""
    with transaction.atomic():
        if state := wanted_ad.current_workflow_state:
            state.cancel(user=by)
        if wanted_ad.live:
            # Who may close an ad is the portal's own rule; Wagtail knows only that of editors.
            UnpublishAction(wanted_ad, user=by).execute(skip_permission_checks=True)
        return wanted_ad


def answer_wanted_ad(
    *,
    wanted_ad: WantedAd,
    organisation: Organisation,
    by: User,
    text: str = "",
    listing: MaterialListing | None = None,
) -> WantedAnswer:
    """A company answers with words, a listing of its own, or both.

    The school gets a mail, and can take the listing before others for 48 hours. Where the answer is
    only a listing that waits for its review, both come when it is published (`offer_to_school`).
    Raises `ListingNotAvailable` when the ad has been closed meanwhile.
    """
    with transaction.atomic():
        if not wanted_ad.is_open:
            raise ListingNotAvailable
        answer = WantedAnswer.objects.create(
            wanted_ad=wanted_ad, organisation=organisation, author=by, text=text, listing=listing
        )
        if text or listing is None or listing_is_published(listing):
            notify(
                users=wanted_ad.organisation.active_members(),
                type="wanted_answer",
                key=f"wanted:{wanted_ad.pk}:answer:{answer.pk}",
                organisation=wanted_ad.organisation,
                listing=listing,
                wanted_title=wanted_ad.title,
                wanted_id=wanted_ad.pk,
                sender=organisation.name,
                text=text,
                **hold(wanted_ad, listing),
            )
        return answer


def listing_is_published(listing: MaterialListing) -> bool:
    """Asked of the database: publishing does not reach the row that a form has in hand."""
    return MaterialListing.objects.published().filter(pk=listing.pk).exists()


def hold(wanted_ad: WantedAd, listing: MaterialListing | None) -> dict[str, Any]:
    """Hold `listing` for the school, as much as its ad asks for; what the mail needs to say so."""
    if listing is None:
        return {}
    same_unit = wanted_ad.quantity and wanted_ad.unit == listing.stock.unit
    place = hold_for(
        listing=listing,
        organisation=wanted_ad.organisation,
        quantity=wanted_ad.quantity if same_unit else None,
    )
    if place is None:
        return {}
    return {
        "waiting_id": place.pk,
        "until": cast(datetime, place.offered_until).isoformat(),
        "quantity": str(place.offered_quantity),
        "unit": listing.stock.unit,
    }


@transaction.atomic
def offer_to_school(
    *, wanted_ad: WantedAd, listing: MaterialListing, is_answer: bool = False
) -> None:
    """Say that `listing` may be what the ad is about, each once; an answer is held for 48 hours."""
    key = f"wanted:{wanted_ad.pk}:match:{listing.pk}"
    if Notification.objects.filter(key=key).exists():
        return
    if is_answer and not wanted_ad.answers.filter(listing=listing).exists():
        # Offered by an organisation that was not approved yet, and could not answer.
        WantedAnswer.objects.create(
            wanted_ad=wanted_ad,
            organisation=listing.organisation,
            author=listing.created_by,
            listing=listing,
        )
    notify(
        users=wanted_ad.organisation.active_members(),
        type="wanted_match",
        key=key,
        organisation=wanted_ad.organisation,
        listing=listing,
        wanted_title=wanted_ad.title,
        wanted_id=wanted_ad.pk,
        offered=is_answer,
        **(hold(wanted_ad, listing) if is_answer else {}),
    )
