"""How blocks find material by words.

On its own this looks at titles and tags; the search app, which knows more, puts itself in its place
(`use`), because imports only point from search to here.
"""

from urllib.parse import urlsplit

from django.db.models import Q
from django.http import QueryDict

_search = None


def use(search):
    """Let `search(parameters, language=…, limit=…)` find: it returns keys of listings in order."""
    global _search  # noqa: PLW0603  # one finder for the process, set by the app above
    _search = search


def question(text):
    """What an editor wrote, words or the address of a search, as parameters of the search page."""
    if "?" in text or text.startswith("/"):
        return urlsplit(text).query
    parameters = QueryDict(mutable=True)
    parameters["q"] = text
    return parameters.urlencode()


def find_material(listings, text, *, language, limit):
    """Up to `limit` of `listings`, the best answers to what an editor wrote first."""
    parameters = QueryDict(question(text))
    if _search:
        keys = _search(parameters, language=language, limit=limit)
        found = listings.in_bulk(keys)
        return [found[pk] for pk in keys if pk in found]
    words = parameters.get("q", "")
    named = listings.filter(Q(title__icontains=words) | Q(tags__name__iexact=words))
    return list(named.distinct().newest()[:limit])
