"""Add what is found on a walk, and send all of it at once."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from marketplace.listings.models import MaterialListing
from marketplace.listings.photos.models import PhotoUpload
from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit
from marketplace.offers.clearing.guessing import count_and_word, guess_category, guess_kilograms
from marketplace.offers.clearing.models import Clearing, ClearingItem
from marketplace.offers.services import set_stock, submit_listing
from marketplace.review.errors import WrongState
from portal.foundation.images.models import CustomImage
from portal.foundation.users.models import User

SHARED = (
    "available_from",
    "available_until",
    "condition",
    "pickup_address",
    "pickup_town",
    "storage_place",
)


@transaction.atomic
def add_thing(
    *,
    clearing: Clearing,
    text: str,
    by: User,
    quantity: int | None = None,
    photos: Sequence[tuple[CustomImage, str]] = (),
) -> ClearingItem:
    """Make a draft of what was found: `text` such as "12 stolar". Kind and weight are guessed.

    A word that says nothing is taken to be of the same category as the thing before. Raises
    `WrongState` once everything has been sent.
    """
    clearing = Clearing.objects.select_for_update(of=("self",)).get(pk=clearing.pk)
    if clearing.sent_at:
        raise WrongState
    counted, title = count_and_word(text)
    guess = guess_category(title)
    category = guess or _usual_category(clearing)
    listing = _draft(clearing, title, category, by)
    listing.set_photos(photos)
    listing.save()
    PhotoUpload.objects.filter(image__in=[image for image, _text in photos]).delete()
    set_stock(
        listing=listing,
        offered=Decimal(quantity or counted or 1),
        unit=Unit.PIECE,
        kg_per_unit=guess_kilograms(category),
    )
    listing.save_revision(user=by, log_action=True)
    return ClearingItem.objects.create(
        clearing=clearing, listing=listing, category_guessed=guess is None
    )


def _draft(clearing: Clearing, title: str, category: MaterialCategory, by: User) -> MaterialListing:
    return MaterialListing(
        organisation=clearing.organisation,
        created_by=by,
        live=False,
        title=title,
        category=category,
        contact_name=by.get_full_name() or clearing.organisation.contact_name,
        contact_email=by.email,
        contact_phone=clearing.organisation.contact_phone,
        **{name: getattr(clearing, name) for name in SHARED},
    )


def _usual_category(clearing: Clearing) -> MaterialCategory:
    before = clearing.items.select_related("listing__category").first()
    if before:
        return before.listing.category
    return MaterialCategory.objects.source().roots().earliest("pk")


@transaction.atomic
def send_all(*, clearing: Clearing, by: User) -> int:
    """Send every draft of `clearing` for review. Returns how many; those sent stay as they are."""
    clearing = Clearing.objects.select_for_update(of=("self",)).get(pk=clearing.pk)
    if clearing.sent_at:
        return 0
    items = list(clearing.items.select_related("listing__organisation").order_by("pk"))
    waiting = [each for each in items if not each.listing.current_workflow_state]
    for item in waiting:
        if not item.listing.live:
            submit_listing(listing=item.listing.get_latest_revision_as_object(), by=by)
    clearing.sent_at = timezone.now()
    clearing.save(update_fields=["sent_at"])
    return len(waiting)


@transaction.atomic
def drop_thing(*, item: ClearingItem) -> None:
    """Forget a thing that was added by mistake, before all is sent."""
    if item.clearing.sent_at or item.listing.live:
        raise WrongState
    item.listing.delete()
