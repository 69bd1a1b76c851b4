"""Starting a site: its start page and, where wanted, all that it begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Site

from inspiration.pages.models import HomePage
from marketplace.municipalities.models import Municipality, ParticipationSettings
from portal.foundation.images.models import CustomImage
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.users.models import User
from portal.site.starter.pages import CONTENT, Pages, read
from portal.site.terms.models import TermsVersion


@dataclass(kw_only=True)
class NewSite:
    """What is asked about a site before it is started."""

    name: str
    hostname: str
    port: int
    languages: Sequence[str]
    municipalities: Iterable[Municipality]
    terms: dict[str, str]
    logo: File | None = None
    # Fields of `SiteSettings`, by their names.
    settings: dict[str, Any] = field(default_factory=dict)


def make_start_page(*, title: str, slug: str, by: User | None = None) -> HomePage:
    """A Swedish start page with the words that every site begins with."""
    texts = read(CONTENT / "home.toml")["sv"]
    # As the database has it now: pages may have been added or removed beside.
    root = Page.get_first_root_node()
    home = HomePage(
        title=title,
        slug=find_available_slug(root, slug),
        locale=Locale.objects.get(language_code="sv"),
        owner=by,
        heading=texts["heading"],
        introduction=texts["introduction"],
        summary=texts["summary"],
    )
    root.add_child(instance=home)
    home.save_revision(user=by).publish(user=by)
    return home


def starter_terms() -> dict[str, str]:
    """The terms of use that a site may begin with, by language. They name nobody."""
    texts = read(CONTENT / "terms.toml")
    return {language: texts[f"text_{language}"] for language in ("sv", "en")}


@transaction.atomic
def start_site(new: NewSite, *, by: User) -> Site:
    """Make the site of another region on this installation, with its start content.

    Nothing of another site is taken over.
    """
    # Who asks for a page until this is committed fills Wagtail's cache without the new site.
    transaction.on_commit(Site.clear_site_root_paths_cache)
    home = make_start_page(title=new.name, slug=slugify(new.name) or "start", by=by)
    site = Site.objects.create(
        hostname=new.hostname, port=new.port, root_page=home, site_name=new.name
    )
    log(instance=site, action="wagtail.create", user=by)
    _set_up(site, new, by)
    _participate(site, list(new.municipalities))
    terms = {f"text_{language}": text for language, text in new.terms.items()}
    TermsVersion.objects.create(site=site, number=1, **terms)
    Pages(start=home, languages=new.languages, owner=by).build()
    return site


def _set_up(site: Site, new: NewSite, by: User) -> None:
    found = SiteSettings.for_site(site)
    found.name = new.name
    found.languages = list(new.languages)
    for name, value in new.settings.items():
        setattr(found, name, value)
    if new.logo:
        with override("sv"):
            says = _("The sign of %(name)s") % {"name": new.name}
        found.logo = CustomImage(title=new.name, alt_text=says, file=new.logo, uploaded_by_user=by)
        found.logo.save()
    found.save()


def _participate(site: Site, chosen: list[Municipality]) -> None:
    """Let `chosen` take part in `site` and, from now on, in no other one."""
    for other in Site.objects.exclude(pk=site.pk):
        before = ParticipationSettings.for_site(other)
        staying = Municipality.objects.for_site(other).exclude(pk__in=[each.pk for each in chosen])
        before.municipalities.set(list(staying))
    taking_part = ParticipationSettings.for_site(site)
    taking_part.municipalities.set(chosen)
