"""The words of something as they were written, and as they are shown in the reader's language."""

from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Func, Prefetch
from django.utils.translation import get_language, get_language_info

IN_LANGUAGE = "texts_in_language"


class Source(NamedTuple):
    """What is translated: a title, and a text that may be empty."""

    title: str
    text: str

    @property
    def digest(self) -> str:
        """Differs as soon as a word does."""
        return sha256("\0".join(self).encode()).hexdigest()


class Digest(Func):
    """`Source.digest` of what a row holds, worked out by the database: of a title and a text."""

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


class InOtherLanguages:
    """Something of which title and text may have been translated, the fields of those names."""

    TITLE: ClassVar[str] = "title"
    TEXT: ClassVar[str] = "description"
    language: Any

    @property
    def source(self) -> Source:
        return Source(getattr(self, self.TITLE), getattr(self, self.TEXT))

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
                return Shown(each.title, each.text, each.language_code, True)
        return Shown(*source, self.language, False)


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
