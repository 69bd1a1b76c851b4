"""The type of text that may be a translation, which is looked up when it is shown."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    # Installed for development only. Unlike `Promise`, the translations of this one have the methods of text.
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str | Promise

__all__ = ["StrOrPromise"]
