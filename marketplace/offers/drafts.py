"""Draft offers: kept for the person, or for the browser until somebody signs in."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.listings.photos.forms import PhotoSet
from marketplace.offers.forms import OfferForm
from marketplace.offers.models import OfferDraft
from portal.foundation import throttling
from portal.foundation.kept_forms import bounded, claimed, remember
from portal.foundation.text_cleaning.cleaning import clean_data

# In the session: the keys of drafts that somebody started in this browser before signing in.
SESSION_KEY = "offer_drafts"
# What is kept of a form that is not finished: its own fields.
KEPT_FIELDS = {*OfferForm.base_fields, "k", "efterlysning"}


class TooManyDrafts(throttling.TooOften):
    """Somebody has left more offers unfinished than are kept."""

    message = _(
        "You have many unfinished offers already. Send or throw away some of them on your page "
        "first. What you have written is still here."
    )


def kept_drafts(request: HttpRequest) -> QuerySet[OfferDraft]:
    """Return the visitor's draft offers, the newest first."""
    return claimed(request, OfferDraft.objects.all(), SESSION_KEY)


def opened_draft(request: HttpRequest) -> OfferDraft | None:
    """The draft that the form opens with: the one asked for, or the newest.

    None where there is none, or an empty form was asked for.
    """
    if "borja-om" in request.GET:
        return None
    return chosen(request, request.GET.get("utkast", "")) or kept_drafts(request).first()


def sent_draft(request: HttpRequest) -> OfferDraft | None:
    """The draft that the form which was sent goes on with, or None."""
    return chosen(request, request.POST.get("utkast", ""))


def chosen(request: HttpRequest, key: str) -> OfferDraft | None:
    wanted = int(key) if key.isdecimal() and len(key) < 18 else 0
    return kept_drafts(request).filter(pk=wanted).first() if wanted else None


def keep_draft(request: HttpRequest, photos: PhotoSet) -> OfferDraft:
    """Keep the form that was sent as it is, with its photos. Raises `TooManyDrafts`."""
    draft = sent_draft(request) or new_drafts(request, 1)[0]
    return fill(request, draft, photos, photos.kept)


def new_drafts(request: HttpRequest, count: int) -> list[OfferDraft]:
    """Return so many drafts of the visitor, yet to be written."""
    if kept_drafts(request).count() + count > OfferDraft.MOST:
        raise TooManyDrafts
    user = request.user if request.user.is_authenticated else None
    return [OfferDraft(user=user) for _each in range(count)]


@transaction.atomic
def split_photos(request: HttpRequest, photos: PhotoSet) -> list[OfferDraft]:
    """Keep one form for each photo that was sent, for things that were photographed in one go.

    What was written beside them goes with the first. Raises `TooManyDrafts`.
    """
    sent = sent_draft(request)
    new = new_drafts(request, len(photos.kept) - bool(sent))
    first, *others = [sent, *new] if sent else new
    fill(request, first, photos, photos.kept[:1])
    for draft, photo in zip(others, photos.kept[1:], strict=True):
        fill(request, draft, photos, [photo], names={"place", "k"})
    return [first, *others]


def fill(
    request: HttpRequest,
    draft: OfferDraft,
    photos: PhotoSet,
    kept: list[str],
    names: set[str] = KEPT_FIELDS,
) -> OfferDraft:
    """Write what was sent in the fields called `names`, with the photos `kept`, into `draft`."""
    texts = {f"alt_{image.pk}" for image in photos.images}
    data = bounded(each for each in request.POST.lists() if each[0] in names | texts)
    data["photo"] = kept
    draft.data = clean_data(data)
    draft.save()
    if draft.user_id is None:
        remember(request, draft, SESSION_KEY)
    return draft
