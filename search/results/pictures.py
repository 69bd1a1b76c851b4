"""The pictures of cards as HTML, kept: they are most of the work of a page of hits."""

from collections.abc import Iterable

from django.core.cache import cache
from django.template.loader import render_to_string
from wagtail.images import get_image_model

from portal.foundation.images.models import CustomImage
from portal.foundation.page_cache.versions import note_read
from search.index.models import SearchEntry

KEPT_SECONDS = 60 * 60
TINTS = 6


def add(entries: Iterable[SearchEntry]) -> None:
    """Give each of `entries` its `picture` as safe HTML; in two queries for those not kept."""
    note_read("pictures")
    wanted = {_key(entry): entry for entry in entries}
    kept = cache.get_many(wanted)
    missing = {key: entry for key, entry in wanted.items() if key not in kept}
    wanted_images = [entry.image_id for entry in missing.values() if entry.image_id]
    images = (
        get_image_model().objects.prefetch_related("renditions").in_bulk(wanted_images)
        if wanted_images
        else {}
    )
    new = {key: _picture(entry, images.get(entry.image_id)) for key, entry in missing.items()}
    cache.set_many(new, KEPT_SECONDS)
    kept |= new
    for entry in entries:
        entry.picture = kept[_key(entry)]


def _key(entry: SearchEntry) -> str:
    if entry.image:
        # Another file is another picture.
        return f"search:picture:{entry.image_id}:{entry.image.file.name}"
    return f"search:picture:{entry.illustration}:{_tint(entry)}"


def _tint(entry: SearchEntry) -> int | None:
    """A number that varies a drawing that comes again, or None."""
    return entry.object_id % TINTS + TINTS if entry.type == SearchEntry.Type.MATERIAL else None


def _picture(entry: SearchEntry, image: CustomImage | None) -> str:
    return render_to_string(
        "components/photo.html",
        {
            "image": image,
            "illustration": entry.illustration,
            "tint": _tint(entry),
            "alt": "",
        },
    )
