"""How Elasticsearch keeps entries: one alias per language of analysis, versioned indices behind."""

from datetime import datetime

from elasticsearch.dsl import (
    Boolean,
    Date,
    Document,
    GeoPoint,
    Index,
    Integer,
    Keyword,
    Text,
    analyzer,
    char_filter,
    token_filter,
)

from . import analysis
from .synonyms import rules


def swedish():
    """(index analyzer, search analyzer): stems, parts of compounds, å ä ö that may be left out.

    Folding keeps the original beside the folded form when indexing, so "mobel" finds "möbel"
    while "möbel" still prefers itself. Synonyms are applied when searching only, so that changing
    them needs no new documents.
    """
    units = char_filter(
        "number_and_unit",
        type="pattern_replace",
        # "2 mm" and "2mm" are the same measure.
        pattern=r"(\d)\s+(mm|cm|dm|m|kg|g|l|liter)\b",
        replacement="$1$2",
    )
    compound = token_filter(
        "swedish_compound",
        type="dictionary_decompounder",
        word_list=sorted(analysis.compound_words()),
        min_word_size=6,
        min_subword_size=analysis.MIN_PART,
        only_longest_match=True,
    )
    whole = token_filter(
        "swedish_whole_words",
        type="keyword_marker",
        keywords=sorted(analysis.compound_exceptions()),
    )
    split = token_filter(
        "swedish_split_unless_whole",
        type="condition",
        filter=[compound],
        script={"source": "token.keyword == false"},
    )
    stop = token_filter("asking_words", type="stop", stopwords=sorted(analysis.stop_words()))
    stemmer = token_filter("swedish_stemmer", type="stemmer", language="swedish")
    # möbel and möbler, spegel and speglar: an unstressed e comes and goes before l, n and r.
    fleeting = token_filter(
        "fleeting_e", type="pattern_replace", pattern="(?<=..)e([lnr])$", replacement="$1"
    )
    fold = token_filter("fold_and_keep", type="asciifolding", preserve_original=True)
    synonyms = token_filter("synonyms", type="synonym_graph", synonyms=list(rules()), lenient=True)
    common = {"tokenizer": "standard", "char_filter": [units]}
    return (
        analyzer(
            "swedish_index",
            filter=["lowercase", stop, whole, split, stemmer, fleeting, fold],
            **common,
        ),
        analyzer(
            "swedish_search",
            filter=["lowercase", stop, synonyms, whole, split, stemmer, fleeting, fold],
            **common,
        ),
    )


INDEX_ANALYZER, SEARCH_ANALYZER = swedish()
LANGUAGES = ("sv", "en")


def text():
    return Text(
        analyzer=INDEX_ANALYZER,
        search_analyzer=SEARCH_ANALYZER,
        fields={"english": Text(analyzer="english")},
    )


class EntryDocument(Document):
    """A `SearchEntry` in Elasticsearch; the field names are the same."""

    entry_id = Integer()
    kind = Keyword()
    object_id = Integer()
    language = Keyword()
    title = text()
    keywords = text()
    summary = text()
    body = text()
    categories = Keyword()
    municipality = Keyword()
    condition = Keyword()
    organisation_kind = Keyword()
    unit = Keyword()
    suitable_from_age = Integer()
    delivery = Boolean()
    subjects = Keyword()
    age_groups = Keyword()
    place = GeoPoint()
    available_from = Date()
    available_until = Date()
    photo_count = Integer()
    published_at = Date()


def document(entry):
    """The body of `entry` as Elasticsearch takes it."""
    body = {
        name: getattr(entry, name)
        for name in EntryDocument._doc_type.mapping.properties.to_dict()["properties"]
        if name not in ("entry_id", "place")
    }
    body["entry_id"] = entry.pk
    if entry.latitude is not None:
        body["place"] = {"lat": entry.latitude, "lon": entry.longitude}
    return body


def create_index(client, alias):
    """Make a new, empty index behind no alias yet; returns its name."""
    name = f"{alias}-{datetime.now():%Y%m%d%H%M%S%f}"
    new = Index(name, using=client)
    new.document(EntryDocument)
    new.settings(number_of_shards=1, number_of_replicas=0, refresh_interval="1s")
    new.create()
    return name
