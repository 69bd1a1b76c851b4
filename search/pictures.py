"""The pictures of cards as HTML, kept: they are most of the work of a page of hits."""

from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string

from .models import SearchEntry

KEPT_SECONDS = 60 * 60
TINTS = 6


def add(entries):
    """Give each of `entries` its `picture` as safe HTML, in one query for those not kept."""
    wanted = {_key(entry): entry for entry in entries}
    kept = cache.get_many(wanted)
    missing = {key: entry for key, entry in wanted.items() if key not in kept}
    images = [entry.image for entry in missing.values() if entry.image]
    if images:
        prefetch_related_objects(images, "renditions")
    new = {key: _picture(entry) for key, entry in missing.items()}
    cache.set_many(new, KEPT_SECONDS)
    kept |= new
    for entry in entries:
        entry.picture = kept[_key(entry)]


def _key(entry):
    if entry.image:
        # Another file is another picture.
        return f"search:picture:{entry.image.pk}:{entry.image.file_hash}"
    return f"search:picture:{entry.illustration}:{_tint(entry)}"


def _tint(entry):
    """A number that varies a drawing that comes again, or None."""
    return entry.object_id % TINTS + TINTS if entry.kind == SearchEntry.Kind.MATERIAL else None


def _picture(entry):
    return render_to_string(
        "components/photo.html",
        {
            "image": entry.image,
            "illustration": entry.illustration,
            "tint": _tint(entry),
            "alt": "",
        },
    )
