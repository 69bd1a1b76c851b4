"""How Elasticsearch keeps entries: one alias per language of analysis, versioned indices behind."""

from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import (
    Boolean,
    Date,
    Document,
    GeoPoint,
    Index,
    Integer,
    Keyword,
    Mapping,
    Text,
    analyzer,
    token_filter,
)

from search.index.models import SearchEntry

LANGUAGES = ("sv", "en")


class EntryDocument(Document):
    """A `SearchEntry` in Elasticsearch; the field names are the same. Texts: see `mapping`."""

    entry_id = Integer()
    type = Keyword()
    object_id = Integer()
    language = Keyword()
    categories = Keyword()
    municipality = Keyword()
    site = Integer()
    area = Keyword()
    condition = Keyword()
    organisation_type = Keyword()
    unit = Keyword()
    fits_from_age = Integer()
    delivery = Boolean()
    part_carried_by = Keyword()
    subjects = Keyword()
    age_groups = Keyword()
    place = GeoPoint()
    open_to_all_at = Date()
    available_from = Date()
    available_until = Date()
    photo_count = Integer()
    published_at = Date()


# Kept to be shown: the piece of it that answers.
SHOWN = ("summary", "body")
TERMS = tuple(SearchEntry.TERMS.values())
VALUES = tuple(EntryDocument._doc_type.mapping.properties.to_dict()["properties"])


def mapping() -> Mapping:
    """The mapping of `EntryDocument`: its terms are those that `analysis` has made.

    So both engines find the same, and words are taken apart in one place only. The title is kept
    as it is written as well, to be suggested while somebody types.
    """
    made = Mapping()
    made.meta("dynamic", "strict")
    for name in TERMS:
        made.field(name, Text(analyzer="whitespace", norms=False, index_options="docs"))
    for name in SHOWN:
        made.field(name, Text(index=False, norms=False))
    fold = token_filter("fold_and_keep", type="asciifolding", preserve_original=True)
    written = analyzer("as_written", tokenizer="standard", filter=["lowercase", fold])
    made.field("title", Text(analyzer=written))
    return made


def document(entry: SearchEntry) -> dict[str, Any]:
    """The body of `entry` as Elasticsearch takes it."""
    body = {
        name: getattr(entry, name)
        for name in ("title", *SHOWN, *TERMS, *VALUES)
        if hasattr(entry, name)
    }
    body["entry_id"] = entry.pk
    body["place"] = entry.place and {"lat": entry.latitude, "lon": entry.longitude}
    return body


def create_index(client: Elasticsearch, alias: str) -> str:
    """Make a new, empty index behind no alias yet, ready to be filled; returns its name."""
    name = f"{alias}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    new = Index(name, using=client)
    new.document(EntryDocument)
    new.mapping(mapping())
    new.settings(number_of_shards=1, number_of_replicas=0, refresh_interval="-1")
    new.create()
    return name


def finish_index(client: Elasticsearch, name: str) -> None:
    """Make a filled index fit to be asked: a copy of it where there is another node."""
    client.indices.refresh(index=name)
    client.indices.put_settings(
        index=name, settings={"refresh_interval": "1s", "auto_expand_replicas": "0-1"}
    )
