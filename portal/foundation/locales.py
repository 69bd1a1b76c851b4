"""The languages of the site, kept for a minute: Wagtail asks for them many times on every page."""

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale
from wagtail.models.i18n import LocaleManager

KEY = "locales"
# How long another process may keep a language that an administrator has taken away.
KEPT_SECONDS = 60


def known() -> dict[str, Locale]:
    """{language code: `Locale`}."""
    found: dict[str, Locale] | None = cache.get(KEY)
    if found is None:
        found = {each.language_code: each for each in Locale.objects.all()}
        cache.set(KEY, found, KEPT_SECONDS)
    return found


def get_for_language(manager: LocaleManager, language_code: str) -> Locale:
    """As Wagtail's own, which asks the database each time."""
    code = get_supported_content_language_variant(language_code)
    return known().get(code) or manager.get(language_code=code)


def connect() -> None:
    """Let Wagtail's `Locale.get_active()` and `get_default()` find languages that are known."""
    LocaleManager.get_for_language = get_for_language
    for signal in (post_save, post_delete):
        signal.connect(_forget, sender=Locale, dispatch_uid="locales")


def _forget(**kwargs) -> None:
    cache.delete(KEY)
