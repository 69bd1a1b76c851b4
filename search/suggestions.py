"""What to suggest while somebody types."""

from django.urls import reverse
from django.utils.http import urlencode
from taggit.models import Tag

from portal.collation import by_name

from . import reference
from .addresses import url_of
from .answer import suggest
from .engine import SearchQuery
from .models import SearchEntry

LIMIT = 8
MOST_CATEGORIES, MOST_TAGS = 3, 2


def suggestions(text, *, language, **limits):
    """At most eight {"text", "url"}: kinds of material, then tags, then things by their title."""
    if len(text) < 2:
        return []
    found = [*categories(text), *tags(text)]
    query = SearchQuery(
        text=text,
        language=language,
        **limits,
        page_size=LIMIT - len(found),
    )
    keys = suggest(query)
    entries = SearchEntry.objects.filter(removed=False).only("kind", "object_id", "title", "url")
    entries = entries.in_bulk(keys)
    found += [
        {"text": entries[key].title, "url": url_of(entries[key])} for key in keys if key in entries
    ]
    return found


def categories(text):
    """Kinds of material with `text` in their name; those that begin with it first."""
    names, _parents = reference.categories()
    text = text.casefold()
    fitting = [(slug, name) for slug, name in names.items() if text in name.casefold()]
    fitting.sort(key=lambda each: not each[1].casefold().startswith(text))
    address = reverse("search:material")
    return [
        {"text": name, "url": f"{address}?{urlencode({'kategori': slug})}"}
        for slug, name in fitting[:MOST_CATEGORIES]
    ]


def tags(text):
    """Words of the shared vocabulary that begin with `text`; the address searches for them."""
    names = Tag.objects.filter(name__istartswith=text).order_by(by_name())
    address = reverse("search:search")
    return [
        {"text": name, "url": f"{address}?{urlencode({'q': name})}"}
        for name in names.values_list("name", flat=True)[:MOST_TAGS]
    ]
