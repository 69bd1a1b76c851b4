"""Photographs, listings with their stock, and wanted ads."""

from datetime import timedelta
from decimal import Decimal

from django.core.files import File
from django.utils import timezone

from marketplace.exchange.stock.models import Stock
from marketplace.listings.models import ListingPhoto, MaterialListing
from marketplace.materials.models import MaterialCategory
from marketplace.offers.services import submit_listing
from marketplace.safety.answers import QUESTIONS
from marketplace.wanted.models import WantedAd, WantedAnswer
from marketplace.wanted.services import submit_wanted_ad
from portal.foundation.images.models import CustomImage
from portal.site.demo.calendar import at
from portal.site.demo.files import MEDIA, rows, toml, words

# What listings have as their row says.
WRITTEN = (
    "title",
    "description",
    "condition",
    "preschool_ruling",
    "safety_note",
    "colours",
    "dimensions",
    "pickup_hours",
    "recurrence",
)
CHANGES_WANTED = (
    "Fint material! Skriv gärna hur mycket en enhet väger och om det finns något man behöver tänka "
    "på med yngre barn, så publicerar vi direkt."
)


def create_images():
    """The demo's photographs; returns {file name without ending: CustomImage}."""
    images = {}
    for row in rows("media/CREDITS.csv"):
        path = MEDIA / row["file"]
        with path.open("rb") as file:
            image = CustomImage(
                title=row["subject_sv"],
                alt_text=row["alt_text_sv"],
                credit=f"{row['author']}, {row['licence']}",
                file=File(file, name=path.name),
            )
            image.save()
        images[path.stem] = image
    return images


def create_listings(*, organisations, images, year):
    """All listings, each as its row says; returns {title: (listing, row)}.

    Those in review are only drafts yet: `send_for_review` does the rest when everybody is there.
    """
    categories = {each.slug: each for each in MaterialCategory.objects.source()}
    created: dict[str, tuple] = {}
    for row in rows("content/listings.csv"):
        published = at(year.ago(int(row["published_days_ago"])), 8 + len(created) % 8, 17)
        live = row["state"] in ("live", "sold_out", "expired", "withdrawn")
        organisation = organisations[row["organisation"]]
        member = organisation.members.first()
        listing = MaterialListing(
            organisation=organisation,
            created_by=member,
            category=categories[row["category"]],
            **_written(row),
            available_from=published.date(),
            available_until=_last_day(row, published, number=len(created), today=year.today),
            pickup_address=organisation.address,
            pickup_postcode=organisation.postcode,
            pickup_town=organisation.town,
            contact_name=organisation.contact_name,
            contact_email=organisation.contact_email,
            contact_phone=organisation.contact_phone,
            live=live,
            first_published_at=published if live else None,
            last_published_at=published if live else None,
            has_unpublished_changes=not live,
        )
        listing.tags.add(*words(row["tags"]))
        photos = enumerate(words(row["photos"]))
        listing.photos.set(
            [ListingPhoto(image=images[name], sort_order=order) for order, name in photos]
        )
        listing.save()
        save_with_revision(listing, member)
        MaterialListing.objects.filter(pk=listing.pk).update(created_at=published)
        created[listing.title] = (listing, row)
    return created


def _written(row):
    """What the giver has written, as in the row."""
    return {name: row[name] for name in (*WRITTEN, *QUESTIONS)} | {
        "sharp_edges": "sharp_edges" in words(row["flags"]),
        "suitable_from_age": int(row["suitable_from_age"] or 0) or None,
        "delivery_offered": row["delivery"] == "yes",
        "splittable": row["whole"] != "yes",
    }


def _last_day(row, published, *, number, today):
    """None for regular offers; what is live ends some days ahead, not all on the same day."""
    if row["recurrence"] != "none" and row["state"] != "expired":
        return None
    ends = published.date() + timedelta(weeks=int(row["weeks"]))
    if row["state"] == "live":
        ends = max(ends, today + timedelta(days=4 + number % 30))
    return ends


def save_with_revision(thing, member):
    """Save a listing or a wanted ad with a revision, which is the live one where it is live."""
    revision = thing.save_revision(user=member, changed=False, clean=False)
    thing.live_revision = revision if thing.live else None
    thing.has_unpublished_changes = not thing.live
    thing.save()


def create_stock(listing, row, *, collected):
    """How much there is and was. `collected` is what the history will take of it."""
    offered = Decimal(row["quantity"])
    if row["state"] == "sold_out":
        offered = collected
    elif row["recurrence"] != "none":
        # Leftovers that keep coming: what is there now, on top of what has been taken.
        offered += collected
    closed = row["state"] == "withdrawn"
    return Stock.objects.create(
        listing=listing,
        unit=row["unit"],
        kg_per_unit=Decimal(row["kg_per_unit"]),
        offered=max(offered, collected),
        closed_at=listing.first_published_at + timedelta(days=20) if closed else None,
    )


def send_for_review(listings, *, editor):
    """Put the listings that wait for an editor, or for their giver, into the workflow."""
    for listing, row in listings.values():
        if row["state"] not in ("review", "changes"):
            continue
        submit_listing(listing=listing, by=listing.created_by)
        state = listing.current_workflow_state
        if state and row["state"] == "changes":
            state.current_task_state.reject(user=editor, comment=CHANGES_WANTED)


def create_wanted_ads(*, organisations, listings, year):
    """Wanted ads with companies' answers."""
    categories = {each.slug: each for each in MaterialCategory.objects.source()}
    for row in toml("wanted.toml")["ad"]:
        organisation = organisations[row["organisation"]]
        member = organisation.members.first()
        posted = at(year.ago(row["days_ago"]), 14, 5)
        live = row["state"] == "live"
        ad = WantedAd(
            organisation=organisation,
            created_by=member,
            title=row["title"],
            description=row["description"],
            category=categories[row["category"]],
            quantity=row.get("quantity"),
            unit=row["unit"],
            wanted_until=posted.date() + timedelta(weeks=row["weeks"]),
            created_at=posted,
            live=live,
            first_published_at=None if row["state"] == "review" else posted,
            last_published_at=None if row["state"] == "review" else posted,
            has_unpublished_changes=not live,
        )
        ad.tags.add(*row["tags"])
        ad.save()
        save_with_revision(ad, member)
        if row["state"] == "review":
            submit_wanted_ad(wanted_ad=ad, by=member, tags=row["tags"])
        _answer(ad, row.get("answer", []), posted, organisations=organisations, listings=listings)


def _answer(ad, answers, posted, *, organisations, listings):
    for number, answer in enumerate(answers, start=1):
        company = organisations[answer["organisation"]]
        WantedAnswer.objects.create(
            wanted_ad=ad,
            organisation=company,
            author=company.members.first(),
            listing=listings[answer["listing"]][0],
            text=answer["text"],
            created_at=min(posted + timedelta(days=number, hours=2), timezone.now()),
        )
