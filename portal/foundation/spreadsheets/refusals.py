"""Why a file is not read, in sentences for the person who sent it."""

from collections.abc import Sequence


class SpreadsheetError(Exception):
    """The file as a whole is refused. `problems` says why, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class EncodingUnclear(Exception):
    """A CSV file whose letters may be read in several ways.

    `samples` is {encoding: a piece of the text as that encoding reads it}, likeliest first.
    """

    def __init__(self, samples: dict[str, str]) -> None:
        super().__init__(", ".join(samples))
        self.samples = samples
