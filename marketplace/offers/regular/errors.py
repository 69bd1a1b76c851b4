"""Errors of regular offers."""

from django.utils.translation import gettext_lazy as _

from marketplace.review.errors import ExchangeError


class AlreadyAnswered(ExchangeError):
    message = _("This question has been answered, or a newer one has taken its place.")
