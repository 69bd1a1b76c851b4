"""What the search page needs of reference data, kept for minutes: read always, changed seldom."""

from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import get_language

from marketplace.models import MaterialCategory, Municipality
from marketplace.models.municipalities import ParticipationSettings
from portal.collation import by_name

# So long may another process go on with the old ones.
KEPT_SECONDS = 300
MUNICIPALITIES = "search:municipalities"
CATEGORIES = "search:categories:"
PARTICIPANTS = "search:participants:"


def municipalities():
    """{slug: Municipality} of all of them, by name."""
    return cache.get_or_set(
        MUNICIPALITIES,
        lambda: {each.slug: each for each in Municipality.objects.all()},
        KEPT_SECONDS,
    )


def participants(site):
    """The slugs of the municipalities that `site` is for, or None for all."""
    if site is None:
        return None
    return (
        cache.get_or_set(f"{PARTICIPANTS}{site.pk}", lambda: _participants(site), KEPT_SECONDS)
        or None
    )


def limits(site):
    """What a question on `site` is limited to, as keywords of `SearchQuery`."""
    return {"municipalities": participants(site), "site": site and site.pk}


def _participants(site):
    chosen = ParticipationSettings.for_site(site).municipalities
    return tuple(chosen.values_list("slug", flat=True))


def categories():
    """({slug: name in the reader's language, in order}, {slug: slug of the category above})."""
    language = get_language()
    return cache.get_or_set(CATEGORIES + language, lambda: _categories(language), KEPT_SECONDS)


def _categories(language):
    rows = MaterialCategory.objects.order_by(by_name()).values_list(
        "slug", "name", "locale__language_code", "parent__slug"
    )
    names = {slug: name for slug, name, of, _parent in rows if of == language}
    for slug, name, _of, _parent in rows:
        names.setdefault(slug, name)
    return names, {slug: parent for slug, _name, _of, parent in rows}


def connect():
    """Read it anew when it has been changed."""
    for signal in (post_save, post_delete):
        signal.connect(forget_municipalities, sender=Municipality, dispatch_uid="search")
        signal.connect(forget_categories, sender=MaterialCategory, dispatch_uid="search")
    m2m_changed.connect(
        forget_participants,
        sender=ParticipationSettings.municipalities.through,
        dispatch_uid="search",
    )


def forget_municipalities(**kwargs):
    cache.delete(MUNICIPALITIES)


def forget_categories(**kwargs):
    cache.delete_many([CATEGORIES + code for code, _name in settings.LANGUAGES])


def forget_participants(instance, **kwargs):
    cache.delete(f"{PARTICIPANTS}{instance.site_id}")
