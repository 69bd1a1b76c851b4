"""The buttons of Wagtail Localize at a page, which ask once for all pages of a list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets import Button, ListingButton
from wagtail.models import Locale, Page
from wagtail_localize import wagtail_hooks as localize
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views.edit_translation import edit_translation

from marketplace.desk.translations.shown import ShownTranslation
from marketplace.review.pages import TOLD_ABOUT_LISTS
from portal.foundation.hooks import take_over


class Translations(NamedTuple):
    """Whether a language is left for a page, which source it is, whether it is made of one."""

    is_missing: bool
    source: int | None
    is_target: bool


def know_translations(pages: Iterable[Any]) -> None:
    """Let each of `pages` know its `Translations`, in one query."""
    pages = list(pages)
    written: dict[Any, set[int]] = defaultdict(set)
    found = {(each.translation_key, each.locale_id): each for each in in_languages(pages)}
    for (key, locale), each in found.items():
        if each.alias_of_id is None:
            written[key].add(locale)
    for page in pages:
        key = page.translation_key
        own = found[key, page.locale_id]
        page.known_translations = Translations(
            len(written[key]) < own.languages, own.source_id, own.is_target
        )
        page.in_other_languages = [
            each for (of, _locale), each in found.items() if of == key and each is not own
        ]


def of(page: Any) -> Translations:
    """The `Translations` of `page`."""
    if not hasattr(page, "known_translations"):
        know_translations([page])
    return page.known_translations


def in_languages(pages: list[Any]) -> QuerySet:
    """Of `pages` in each language: its source, if any, and whether it is made of one."""
    key = OuterRef("translation_key")
    sources = TranslationSource.objects.filter(
        object=key, locale=OuterRef("locale"), translations__enabled=True
    )
    made = Translation.objects.filter(source__object=key, target_locale=OuterRef("locale"))
    locales = Locale.objects.order_by().values(all=Value(1)).annotate(number=Count("pk"))
    written = Page.objects.filter(translation_key__in={page.translation_key for page in pages})
    return written.select_related("locale").annotate(
        source_id=Subquery(sources.values("pk")[:1]),
        languages=Subquery(locales.values("number")),
        is_target=Exists(made),
    )


def page_buttons(
    page: Any, user: Any, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """What Wagtail Localize offers, which would ask four times for each page of a list."""
    if page.is_root() or not user.has_perm("wagtail_localize.submit_translation"):
        return
    known = of(page)
    if known.is_missing:
        url = reverse(
            "wagtail_localize:submit_page_translation", args=[page.alias_of_id or page.pk]
        )
        icon = "wagtail-localize-language"
        yield ListingButton(_("Translate this page"), url, priority=60, icon_name=icon)
    if known.source:
        url = reverse("update_translations", args=[known.source])
        if next_url is not None:
            url = f"{url}?{urlencode({'next': next_url})}"
        yield ListingButton(_("Sync translated pages"), url, priority=60, icon_name="resubmit")


def before_edit_page(request: HttpRequest, page: Any) -> Any:
    """As Wagtail Localize's, which would look for each page whether it is made of another one."""
    if request.method != "GET" or page.alias_of_id is not None:
        return localize.before_edit_page(request, page)
    if not of(page).is_target:
        return None
    translation = (
        Translation.objects.select_related(
            "source__locale", "source__specific_content_type", "target_locale"
        )
        .filter(source__object=page.translation_key, target_locale=page.locale_id, enabled=True)
        .first()
    )
    # One that is no longer kept in step is written like any other page.
    return translation and edit_translation(request, ShownTranslation(translation), page)


class Restart(localize.RestartTranslationPageActionMenuItem):
    def is_shown(self, context):
        made = context["view"] == "edit" and of(context["page"]).is_target
        return made and super().is_shown(context)


class ConvertToAlias(localize.ConvertToAliasPageActionMenuItem):
    def is_shown(self, context):
        made = context["view"] == "edit" and of(context["page"]).is_target
        return made and super().is_shown(context)


for hook in ("register_page_header_buttons", "register_page_listing_more_buttons"):
    take_over(hook, localize.page_listing_more_buttons, page_buttons)
take_over("before_edit_page", localize.before_edit_page, before_edit_page)
take_over(
    "register_page_action_menu_item",
    localize.register_restart_translation_page_action_menu_item,
    lambda: Restart(order=0),
)
take_over(
    "register_page_action_menu_item",
    localize.register_convert_back_to_alias_page_action_menu_item,
    lambda: ConvertToAlias(order=0),
)
TOLD_ABOUT_LISTS.append(know_translations)
