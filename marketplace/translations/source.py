"""The words of something as they were written, and as they are shown in the reader's language."""

from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import Case, CharField, F, Func, Prefetch, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import get_language, get_language_info

IN_LANGUAGE = "texts_in_language"
# What a listing says besides, each in a field of its own, that readers need to understand.
DETAILS = ("safety_note", "dimensions", "colours", "pickup_hours")
BETWEEN = "\x1f"


class Source(NamedTuple):
    """What is translated: a title, a text that may be empty, and (field, words) of `DETAILS`."""

    title: str
    text: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """How many texts there are to translate."""
        return sum(map(bool, (self.title, self.text, *dict(self.details).values())))

    @property
    def digest(self) -> str:
        """Differs as soon as a word does."""
        words = [words for _name, words in self.details]
        body = BETWEEN.join([self.text, *words]) if any(words) else self.text
        return sha256(f"{self.title}\0{body}".encode()).hexdigest()


class Digest(Func):
    """`Source.digest` worked out by the database, from a title and what `body_of` gives."""

    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        # Its texts cannot hold the character between the two, so bytes it is.
        joined, values = self.joined(compiler, "convert_to({}, 'UTF8')", " || '\\x00'::bytea || ")
        return f"encode(sha256({joined}), 'hex')", values

    def as_sqlite(self, compiler, connection, **context):
        joined, values = self.joined(compiler, "{}", " || char(0) || ")
        return f"SHA256({joined})", values

    def joined(self, compiler, each, between):
        """(SQL of all that it is made of, its values)"""
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        values = [value for _sql, given in parts for value in given]
        return between.join(each.format(sql) for sql, _given in parts), values


class Shown(NamedTuple):
    """What a reader sees. `is_translation` where it is not what the organisation wrote itself."""

    title: str
    text: str
    language: str
    is_translation: bool
    details: dict[str, str]


class InOtherLanguages:
    """Something of which title, text and details, fields of those names, may be translated."""

    TITLE: ClassVar[str] = "title"
    TEXT: ClassVar[str] = "description"
    DETAILS: ClassVar[tuple[str, ...]] = ()
    language: Any

    @property
    def source(self) -> Source:
        details = tuple((name, getattr(self, name)) for name in self.DETAILS)
        return Source(getattr(self, self.TITLE), getattr(self, self.TEXT), details)

    def words_in(self, language: str) -> Source:
        """What there is in `language` already, for a translation to start from."""
        return Source("", "")

    @property
    def shown(self) -> Shown:
        """Title and text in the reader's language, for rows read `in_readers_language()`.

        A translation of words that have changed since is not shown, and the original is instead:
        people reserve, answer and come to fetch by what stands here, and a text that they must
        have translated for themselves serves them better than one that may be wrong. So it is
        until a new translation has been published.
        """
        source = self.source
        for each in getattr(self, IN_LANGUAGE, ()):
            if each.source_digest == source.digest:
                details = {name: getattr(each, name) for name, words in source.details if words}
                return Shown(each.title, each.text, each.language_code, True, details)
        return Shown(source.title, source.text, self.language, False, dict(source.details))


def body_of(thing: type[InOtherLanguages], path: str = "") -> Any:
    """For a query: all but the title of what is at `path`, as `Source.digest` puts it together."""
    text = F(f"{path}{thing.TEXT}")
    if not thing.DETAILS:
        return text
    words = [part for name in thing.DETAILS for part in (Value(BETWEEN), F(f"{path}{name}"))]
    none = {f"{path}{name}": "" for name in thing.DETAILS}
    return Case(When(**none, then=text), default=Concat(text, *words), output_field=TextField())


def in_readers_language() -> list[Prefetch]:
    """What to prefetch for `shown`: one query for all rows, none in the main language."""
    language = get_language()
    if language in (None, settings.LANGUAGE_CODE):
        return []
    texts = apps.get_model("marketplace", "TranslatedText").objects
    return [Prefetch("translated_texts", texts.published_in(language), to_attr=IN_LANGUAGE)]


def other_languages() -> list[str]:
    """The languages of the site besides the one that organisations write in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def language_in_sentence(code: str) -> str:
    """The name of a language inside a sentence, where English has a capital and Swedish none."""
    name = get_language_info(code)["name_translated"]
    return name if get_language() == "en" else name.lower()
