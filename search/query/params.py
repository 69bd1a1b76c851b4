"""A question as the address has it: always in the same order, with nothing that means nothing."""

from django.http import QueryDict
from django.urls import reverse

from search.engines.base import FACETS, SWITCHES, SearchQuery
from search.index.models import SearchEntry

NEAR = "nara"
ADDRESSES: dict[str, str] = {
    SearchEntry.Type.MATERIAL: "marketplace:listing",
    SearchEntry.Type.WANTED: "marketplace:wanted_ad",
}


def params_of(query: SearchQuery, *, near: str = "", only: str | None = None) -> QueryDict:
    """The address of `query` as a `QueryDict` to change; its page is left out.

    `near` is the slug of the municipality that distances are counted from, and `only` the kind
    that the page is for, so that it need not be said.
    """
    params = QueryDict(mutable=True)
    if query.text:
        params["q"] = query.text
    for name in (*FACETS, *SWITCHES):
        values = query.filters.get(name, [])
        if values and not (name == "typ" and only):
            params.setlist(name, sorted(values))
    if near:
        params[NEAR] = near
    if query.sort:
        params["sort"] = query.sort
    if query.exactly:
        params["exakt"] = "1"
    return params


def address(params: QueryDict) -> str:
    """`params` as the part of an address after the question mark."""
    return params.urlencode()


def without(params: QueryDict, name: str, value: str | None = None) -> str:
    """The address with one filter less, or with one value of it less."""
    changed = params.copy()
    left = [each for each in changed.getlist(name) if value is not None and each != value]
    if left:
        changed.setlist(name, left)
    else:
        changed.pop(name, None)
    return changed.urlencode()


def with_value(params: QueryDict, name: str, *values: str) -> str:
    """The address with `name` set to `values`, whatever it was."""
    changed = params.copy()
    changed.setlist(name, values)
    return changed.urlencode()


def url_of(entry: SearchEntry) -> str:
    """Where an entry is, in the reader's language when it has no language of its own."""
    if entry.type == SearchEntry.Type.TIP:
        return reverse("inspiration:tip", args=[entry.object_id])
    if entry.type in SearchEntry.EXCHANGE_TYPES:
        slug = entry.url.rstrip("/").rpartition("/")[2]
        return reverse(ADDRESSES[entry.type], args=[entry.object_id, slug])
    return entry.url
