"""Checks of the tags that people type."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

MAX_TAG_LENGTH = 50


def check_tags(tags):
    """`tags`, as many as somebody may have. Raises `ValidationError` when one is no word."""
    if any(len(tag) > MAX_TAG_LENGTH for tag in tags):
        raise forms.ValidationError(_("A word can have at most 50 letters."))
    return tags[: settings.TAG_LIMIT]
