"""Addresses that editors type for a link: a path on this site, or a whole http(s) URL."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

PATH = re.compile(r"/(?![/\\])[^\s\\]*")
WHOLE_URL = URLValidator(schemes=["http", "https"])


def validate_link(value: str) -> None:
    """Refuse what is neither a path of this site nor a whole http(s) URL."""
    if PATH.fullmatch(value):
        return
    try:
        WHOLE_URL(value)
    except ValidationError as error:
        raise ValidationError(
            _("Write a path on this site, such as /material/, or a whole URL with https://."),
            code="invalid_link",
        ) from error


def is_link(value: str) -> bool:
    """Whether `value` may be shown as a link."""
    try:
        validate_link(value)
    except ValidationError:
        return False
    return True
