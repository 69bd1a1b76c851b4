"""What a rule of synonyms says: words that mean the same, and words that lead to others."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.query.analysis import WORD, normalise, stem, stop_words

ARROW = "=>"
LONGEST_PHRASE = 3
MOST_PHRASES = 20
# The words of a phrase, or their stems.
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """`said` are phrases; who says one also means the others and, less so, those in `leads_to`."""

    said: tuple[Phrase, ...]
    leads_to: tuple[Phrase, ...] = ()


def parse(line: str) -> Rule:
    """The `Rule` that a line such as "tyg, textil" or "koja => wellpapp, papprör" stands for.

    Raises `ValidationError` with a sentence for the editor when it stands for none.
    """
    left, arrow, right = line.partition(ARROW)
    said, leads_to = phrases(left), phrases(right)
    if ARROW in right:
        raise ValidationError(_("Use the arrow only once."))
    if arrow and not (said and leads_to):
        raise ValidationError(_("Write words on both sides of the arrow."))
    if not arrow and len(said) < 2:
        raise ValidationError(_("Write at least two words with a comma between them."))
    if len(said) + len(leads_to) > MOST_PHRASES:
        raise ValidationError(
            ngettext(
                "A rule can have %(count)d word at most.",
                "A rule can have %(count)d words at most.",
                MOST_PHRASES,
            )
            % {"count": MOST_PHRASES}
        )
    for each in said + leads_to:
        if len(each) > LONGEST_PHRASE:
            raise ValidationError(
                _("“%(phrase)s” is too long: three words at most between two commas.")
                % {"phrase": " ".join(each)}
            )
        if not arrow and all(word in stop_words() for word in each):
            raise ValidationError(
                _("“%(phrase)s” is left out of every question, so it cannot be in a rule.")
                % {"phrase": " ".join(each)}
            )
    return Rule(said, leads_to)


def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of `text` between commas, each a tuple of words as questions are read."""
    found = (tuple(WORD.findall(normalise(each))) for each in text.split(","))
    return tuple(dict.fromkeys(filter(None, found)))


class Table:
    """The rules in force, looked up by the stems of what is said."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)

    @cached_property
    def by_stems(self) -> dict[Phrase, list[tuple[Phrase, Rule]]]:
        found: dict[tuple[str, ...], list] = {}
        for rule in self.rules:
            for phrase in rule.said:
                found.setdefault(stems(phrase), []).append((phrase, rule))
        return found

    def rules_for(self, words: Phrase) -> list[Rule]:
        return [
            rule
            for phrase, rule in self.by_stems.get(stems(words), ())
            if not is_verb_of(words[-1], phrase[-1])
        ]

    def has(self, words: Iterable[str]) -> bool:
        return bool(self.rules_for(tuple(words)))

    def same(self, words: Phrase) -> list[Phrase]:
        """What else may be said for `words`, in the order of the rules."""
        rules = [rule for rule in self.rules_for(words) if not rule.leads_to]
        return others(words, (phrase for rule in rules for phrase in rule.said))

    def leads_to(self, words: Phrase) -> list[Phrase]:
        """What `words` lead to, in the order of the rules."""
        return others(words, (phrase for rule in self.rules_for(words) for phrase in rule.leads_to))

    def words(self) -> set[str]:
        """All words of all rules."""
        return {
            word for rule in self.rules for phrase in rule.said + rule.leads_to for word in phrase
        }


def others(words: Phrase, phrases: Iterable[Phrase]) -> list[Phrase]:
    return [phrase for phrase in dict.fromkeys(phrases) if stems(phrase) != stems(words)]


def stems(words: Iterable[str]) -> Phrase:
    return tuple(stem(word) for word in words)


def is_verb_of(word: str, noun: str) -> bool:
    """Whether `word` is the verb that `noun` is a part of: väva is not väv, though both stem so."""
    return word == f"{noun}a"
