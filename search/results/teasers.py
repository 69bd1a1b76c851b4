"""Finds the material that an editor's block asks for (see `inspiration.finding`)."""

from dataclasses import replace

from django.http import QueryDict

from search.engines.base import SearchQuery
from search.engines.fallback import answer
from search.index.models import SearchEntry


def material(parameters: QueryDict, *, language: str, limit: int) -> list[int]:
    """Keys of the listings that answer a search, the best first."""
    query = SearchQuery.from_params(parameters, language=language, only=SearchEntry.Type.MATERIAL)
    result = answer(replace(query, page=1, page_size=limit))
    return [hit.object_id for hit in result.hits]
