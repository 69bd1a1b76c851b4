"""Finds the material that an editor's block asks for (see `inspiration.finding`)."""

from dataclasses import replace

from .answer import answer
from .engine import SearchQuery
from .models import SearchEntry


def material(parameters, *, language, limit):
    """Keys of the listings that answer a search, the best first."""
    query = SearchQuery.from_params(parameters, language=language, only=SearchEntry.Kind.MATERIAL)
    result = answer(replace(query, page=1, page_size=limit))
    return [hit.object_id for hit in result.hits]
