"""What the search page needs of reference data, kept for minutes: read always, changed seldom."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import get_language
from wagtail.models import Site

from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality, ParticipationSettings
from marketplace.organisations.homes import home_of
from portal.foundation.collation import by_name
from portal.foundation.users.models import User

# How long another process may keep the old ones.
KEPT_SECONDS = 300
MUNICIPALITIES = "search:municipalities"
CATEGORIES = "search:categories:"
PARTICIPANTS = "search:participants:"


def municipalities() -> dict[str, Municipality]:
    """{slug: Municipality} of all of them, by name."""
    found = cache.get_or_set(
        MUNICIPALITIES,
        lambda: {each.slug: each for each in Municipality.objects.all()},
        KEPT_SECONDS,
    )
    return found or {}


def participants(site: Site | None) -> tuple[str, ...] | None:
    """The slugs of the municipalities that `site` is for, or None for all."""
    if site is None:
        return None
    return (
        cache.get_or_set(f"{PARTICIPANTS}{site.pk}", lambda: _participants(site), KEPT_SECONDS)
        or None
    )


def limits(site: Site | None, user: User | AnonymousUser | None = None) -> dict[str, Any]:
    """What a question of `user` on `site` is limited to, as keywords of `SearchQuery`."""
    home = home_of(user)
    return {
        "municipalities": participants(site),
        "site": site and site.pk,
        "homes": home and home.slugs,
    }


def _participants(site: Site) -> tuple[str, ...]:
    chosen = ParticipationSettings.for_site(site).municipalities
    return tuple(chosen.values_list("slug", flat=True))


def categories() -> tuple[dict[str, str], dict[str, str | None]]:
    """({slug: name in the reader's language, in order}, {slug: slug of the category above})."""
    language = get_language()
    found = cache.get_or_set(CATEGORIES + language, lambda: _categories(language), KEPT_SECONDS)
    return found or ({}, {})


def _categories(language: str) -> tuple[dict[str, str], dict[str, str | None]]:
    rows = MaterialCategory.objects.order_by(by_name()).values_list(
        "slug", "name", "locale__language_code", "parent__slug"
    )
    names = {slug: name for slug, name, of, _parent in rows if of == language}
    for slug, name, _of, _parent in rows:
        names.setdefault(slug, name)
    return names, {slug: parent for slug, _name, _of, parent in rows}


def connect() -> None:
    """Reload it when it changes."""
    for signal in (post_save, post_delete):
        signal.connect(forget_municipalities, sender=Municipality, dispatch_uid="search")
        signal.connect(forget_categories, sender=MaterialCategory, dispatch_uid="search")
    m2m_changed.connect(
        forget_participants,
        sender=ParticipationSettings.municipalities.through,
        dispatch_uid="search",
    )


def forget_municipalities(**kwargs: Any) -> None:
    cache.delete(MUNICIPALITIES)


def forget_categories(**kwargs: Any) -> None:
    cache.delete_many([CATEGORIES + code for code, _name in settings.LANGUAGES])


def forget_participants(instance: ParticipationSettings, **kwargs: Any) -> None:
    cache.delete(f"{PARTICIPANTS}{instance.site_id}")
