"""Errors that every part of the exchange can raise; `str()` of each is shown to people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.foundation.text_types import StrOrPromise


class ExchangeError(Exception):
    """Something that the rules of the exchange do not allow. `str()` of it is for people.

    `listing` is the one that it is about, where several are asked for at once.
    """

    listing: Any = None

    @property
    def message(self) -> StrOrPromise:
        return _("That is not possible.")

    def __str__(self):
        return str(self.args[0] if self.args else self.message)


class WrongState(ExchangeError):
    message = _("Somebody has already answered. Reload the page to see how things stand.")


class AlreadyDecided(WrongState):
    """Another editor was first. `decision` is a `TaskState` that is finished."""

    def __init__(self, decision):
        self.decision = decision
        super().__init__(
            _("%(person)s was first: “%(decision)s”. Your decision was not saved.")
            % {
                "person": decision.finished_by or _("Somebody else"),
                "decision": decision.get_status_display(),
            }
        )


class WordsMissing(ExchangeError):
    message = _("Say what should be changed, or why not. The sender reads it.")


class ChangedMeanwhile(ExchangeError):
    message = _("It has been changed since you opened it. Read it once more before you decide.")


class NotSettled(ExchangeError):
    """An editor must settle something before it can be published; the message says what."""
