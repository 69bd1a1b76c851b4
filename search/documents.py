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
    Mapping,
    Text,
    analyzer,
    char_filter,
    token_filter,
)

from . import analysis

LANGUAGES = ("sv", "en")


def measures():
    """ "0,5 liter", "0.5 l" and "0,5l" are the same word (as in `analysis.normalise`)."""
    replacements = [analysis.DECIMAL_COMMA, *analysis.LONG_UNITS, analysis.UNIT]
    return [
        char_filter(
            f"measure_{number}",
            type="pattern_replace",
            pattern=pattern.pattern,
            replacement=replacement,
        )
        for number, (pattern, replacement) in enumerate(replacements)
    ]


def analyzers(language):
    """{purpose: analyzer} for texts in `language`.

    "words" stems whole words and keeps them beside their form without diacritics, so that "mobel"
    finds "möbel"; "asked" does the same to a question, without the second form, so that "möbel"
    finds only itself. "parts" keeps the parts of compounds: "papprör" is found by "rör".
    Synonyms are applied to the question (see `understanding`), so that changing them costs nothing.
    """
    common = {"tokenizer": "standard", "char_filter": measures()}
    exact = analyzer("as_written", filter=["lowercase"], **common)
    fold = token_filter("fold_and_keep", type="asciifolding", preserve_original=True)
    if language != "sv":
        stems = ["lowercase", token_filter("english_stems", type="stemmer", language="english")]
        return {
            "words": analyzer("english_words", filter=[*stems, fold], **common),
            "asked": analyzer("english_asked", filter=stems, **common),
            "exact": exact,
        }
    stems = [
        token_filter(
            "stems_by_hand",
            type="stemmer_override",
            rules=[f"{word} => {stem}" for word, stem in sorted(analysis.stem_overrides().items())],
        ),
        token_filter("swedish_stems", type="stemmer", language="swedish"),
        token_filter(
            "fleeting_e", type="pattern_replace", pattern="(?<=..)e([lnr])$", replacement="$1"
        ),
    ]
    compounds = token_filter(
        "swedish_compounds",
        type="dictionary_decompounder",
        word_list=sorted(analysis.compound_heads()),
        min_word_size=2 * analysis.LEAST_PART,
        min_subword_size=analysis.LEAST_PART,
        only_longest_match=True,
    )
    exceptions = ",".join(f"'{word}'" for word in sorted(analysis.compound_exceptions()))
    split = token_filter(
        "split_unless_exception",
        type="condition",
        filter=[compounds],
        script={"source": f"![{exceptions}].contains(token.getTerm().toString())"},
    )
    return {
        "words": analyzer("swedish_words", filter=["lowercase", *stems, fold], **common),
        "parts": analyzer("swedish_parts", filter=["lowercase", split, *stems, fold], **common),
        "asked": analyzer("swedish_asked", filter=["lowercase", *stems], **common),
        "exact": exact,
    }


class EntryDocument(Document):
    """A `SearchEntry` in Elasticsearch; the field names are the same. Texts: see `mapping`."""

    entry_id = Integer()
    kind = Keyword()
    object_id = Integer()
    language = Keyword()
    categories = Keyword()
    municipality = Keyword()
    site = Integer()
    area = Keyword()
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


TEXTS = ("title", "category_names", "parent_names", "keywords", "summary", "body")
VALUES = tuple(EntryDocument._doc_type.mapping.properties.to_dict()["properties"])


def mapping(language):
    """The mapping of `EntryDocument` with its texts analysed for `language`."""
    made = Mapping()
    made.meta("dynamic", "strict")
    by = analyzers(language)
    for name in TEXTS:
        more = {"exact": Text(analyzer=by["exact"], norms=False)}
        if "parts" in by:
            more["parts"] = Text(analyzer=by["parts"], search_analyzer=by["asked"], norms=False)
        made.field(name, Text(analyzer=by["words"], search_analyzer=by["asked"], fields=more))
    return made


def document(entry):
    """The body of `entry` as Elasticsearch takes it."""
    body = {name: getattr(entry, name) for name in (*TEXTS, *VALUES) if hasattr(entry, name)}
    body["entry_id"] = entry.pk
    body["place"] = entry.place and {"lat": entry.latitude, "lon": entry.longitude}
    return body


def create_index(client, alias, language):
    """Make a new, empty index behind no alias yet, ready to be filled; returns its name."""
    name = f"{alias}-{datetime.now():%Y%m%d%H%M%S%f}"
    new = Index(name, using=client)
    new.document(EntryDocument)
    new.mapping(mapping(language))
    new.settings(number_of_shards=1, number_of_replicas=0, refresh_interval="-1")
    new.create()
    return name


def finish_index(client, name):
    """Make a filled index fit to be asked: a copy of it where there is another node."""
    client.indices.refresh(index=name)
    client.indices.put_settings(
        index=name, settings={"refresh_interval": "1s", "auto_expand_replicas": "0-1"}
    )
