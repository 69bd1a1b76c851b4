"""The one cleaning for text, at every way in and out."""

from portal.foundation.text_cleaning.cleaning import clean_text

__all__ = ["clean_text"]
