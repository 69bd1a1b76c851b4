"""What can be in the way of a translation; `str()` of each is shown to people."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class NotFinished(ExchangeError):
    message = _("Some texts are not translated yet. Translate them first, then send it.")


class NothingToSend(ExchangeError):
    message = _("It is already waiting for review, or nothing has changed since it was published.")


class NotPublished(ExchangeError):
    message = _("Only what is published can be translated.")
