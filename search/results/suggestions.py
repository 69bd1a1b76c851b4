"""What to suggest while somebody types."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from taggit.models import Tag

from portal.foundation.collation import by_name
from search.engines.base import SearchQuery
from search.engines.fallback import suggest
from search.index.models import SearchEntry
from search.query.params import url_of
from search.results import reference as results_reference

LIMIT = 8
MOST_CATEGORIES, MOST_TAGS = 3, 2


def suggestions(text: str, *, language: str, **limits: Any) -> list[dict[str, str]]:
    """At most eight {"text", "type", "url"}: categories, then tags, then things by their title."""
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
    rows = SearchEntry.objects.filter(removed=False).only("type", "object_id", "title", "url")
    entries = rows.in_bulk(keys)
    found += [
        {
            "text": entries[key].title,
            "type": str(entries[key].get_type_display()),
            "url": url_of(entries[key]),
        }
        for key in keys
        if key in entries
    ]
    return found


def categories(text: str) -> list[dict[str, str]]:
    """Kinds of material with `text` in their name; those that begin with it first."""
    names, _parents = results_reference.categories()
    text = text.casefold()
    fitting = [(slug, name) for slug, name in names.items() if text in name.casefold()]
    fitting.sort(key=lambda each: not each[1].casefold().startswith(text))
    address = reverse("search:material")
    return [
        {
            "text": name,
            "type": _("Kind of material"),
            "url": f"{address}?{urlencode({'kategori': slug})}",
        }
        for slug, name in fitting[:MOST_CATEGORIES]
    ]


def tags(text: str) -> list[dict[str, str]]:
    """Words of the shared vocabulary that begin with `text`; the address searches for them."""
    names = Tag.objects.filter(name__istartswith=text).order_by(by_name())
    address = reverse("search:search")
    return [
        {
            "text": name,
            "type": _("Search"),
            "url": f"{address}?{urlencode({'q': name})}",
        }
        for name in names.values_list("name", flat=True)[:MOST_TAGS]
    ]
