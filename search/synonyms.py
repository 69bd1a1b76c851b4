"""Words that mean the same."""

from . import analysis


def rules():
    """The synonym rules, one per line of the data file: words that mean the same, with commas."""
    return tuple(analysis.lines("synonyms_sv.txt"))
