"""The pages that the menus of the whole site lead to, kept for a minute: every page shows them."""

from django.core.cache import cache
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.db.models.signals import post_delete, post_save
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from inspiration.help.models import HelpPage
from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.models import InspirationIndexPage
from inspiration.pages.sites import root_page
from portal.foundation.caching import Stamp
from portal.foundation.page_cache.versions import note_read
from portal.foundation.pages.public import public

# How long another process may keep the old ones.
KEPT_SECONDS = 60
STAMP = Stamp("inspiration:menus", seconds=KEPT_SECONDS)


def menus(request):
    """{"menu": pages in menus, "footer": those at the foot, "lessons": the list of ideas or None}.

    Each page is {title, url}, of the visited site in the reader's language. "help" is {name of a
    question: {title, url}}, with "" for the page of all, and empty where there is none.
    """
    note_read("pages")
    if not hasattr(request, "_menus"):
        site = Site.find_for_request(request)
        request._menus = cache.get_or_set(
            f"{STAMP.key}:{STAMP.current()}:{site.pk if site else ''}:{get_language()}",
            lambda: _menus(request),
            KEPT_SECONDS,
        )
    return request._menus


def _menus(request):
    root = root_page(request)
    if root is None:
        return {"menu": [], "footer": [], "lessons": None, "help": {}}
    pages = list(
        public(root.get_children().live())
        .select_related("locale")
        .annotate(
            at_foot=Coalesce(
                "standardpage__show_in_footer",
                "formpage__show_in_footer",
                Case(When(helppage__isnull=False, then=True)),
                Value(False),
            )
        )
    )
    lessons = _lessons(root)
    return {
        "menu": [_entry(page, request) for page in pages if page.show_in_menus],
        "footer": [_entry(page, request) for page in pages if page.at_foot],
        "lessons": _entry(lessons, request) if lessons else None,
        "help": _help(root, request),
    }


def _help(root, request):
    page = public(HelpPage.objects.child_of(root).live()).select_related("locale").first()
    if page is None:
        return {}
    whole = _entry(page, request)
    return {"": whole} | {
        question.key: {"title": question.text, "url": f"{whole['url']}#{question.key}"}
        for role in page.questions()
        for question in role.questions
    }


def _lessons(root):
    """The page above the first lesson idea."""
    path = LessonIdeaPage.objects.descendant_of(root).live().values_list("path", flat=True).first()
    above = InspirationIndexPage.objects.filter(path=(path or "")[: -Page.steplen])
    return above.select_related("locale").first() if path else None


def _entry(page, request):
    return {"title": page.title, "url": page.get_url(request)}


def connect():
    """Reload them when a page changes."""
    for signal in (post_save, post_delete):
        signal.connect(_forget, dispatch_uid="menus")
    post_page_move.connect(_forget, dispatch_uid="menus")


def _forget(sender, **kwargs):
    if issubclass(sender, (Page, PageViewRestriction, Site)):
        STAMP.renew()
