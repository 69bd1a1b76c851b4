"""Each page speaks one language: no Swedish of ours on English pages, no English on Swedish ones.

What people have written is marked with its language, and left out.
"""

import re
from collections import deque
from functools import cache
from html import unescape
from urllib.parse import urljoin, urlsplit

import polib
import pytest
from bs4 import BeautifulSoup, Comment
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from tests.browser.addresses import NOBODY, VIEWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Small words that no sentence goes without, and that the other language does not have.
SMALL_WORDS = {
    "sv": "och att inte som är för på från eller ett ditt dina era när hur vad alla här vi du ni "
    "kan ska har av till hos dig oss men där bara utan efter också",
    "en": "the and of you your with is are this that will which from who when what they we our "
    "have was were been not",
}
OTHER = {"sv": "en", "en": "sv"}
# Not alt: that is what somebody says of a picture, perhaps chosen for a page in another language.
SAID = ("aria-label", "title", "placeholder", "aria-description", "data-confirm")
# Pages that the tests have added, which say in which language they are.
MADE = {"alla block", "bara sv", "bara en"}
# The name of a language as those who speak it say, and of a source.
ENGLISH_IN_THE_ADMIN = {
    "English",
    "Inventory of Carbon and Energy (ICE), University of Bath / Circular Ecology",
}
# Code, what is typed in a field, and titles of works.
SILENT = ("script", "style", "code", "template", "textarea", "cite")


@cache
def catalogue():
    """{language: what the catalogue says in it and not in the other}, in small letters."""
    entries = [
        entry
        for entry in polib.pofile(str(settings.BASE_DIR / "locale/sv/LC_MESSAGES/django.po"))
        if not entry.obsolete
    ]
    swedish = {text for entry in entries for text in said_by(entry)}
    english = {text for entry in entries for text in (entry.msgid, entry.msgid_plural) if text}
    swedish, english = ({text.casefold() for text in each} for each in (swedish, english))
    return {"sv": swedish - english, "en": english - swedish}


def said_by(entry):
    return [each for each in (entry.msgstr, *entry.msgstr_plural.values()) if each]


def texts(page, language):
    """What is read on a page, in `language`: not what is marked as of another one."""
    for text in page.find_all(string=True):
        if isinstance(text, Comment) or text.find_parent(SILENT):
            continue
        if language_of(text.parent) == language and text.strip() and not is_choice(text):
            yield " ".join(text.split())
    for tag in page.select(",".join(f"[{name}]" for name in SAID)):
        if language_of(tag) == language:
            yield from (tag[name] for name in SAID if tag.get(name))


def is_choice(text):
    """Whether it is something of people's own to choose among, which has a number for a value."""
    option = text.find_parent("option")
    return option is not None and option.get("value", "").isdecimal()


def language_of(tag):
    marked = tag if tag.has_attr("lang") else tag.find_parent(lang=True)
    return marked["lang"][:2] if marked else ""


def foreign(text, language):
    """Whether a text on a page in `language` is ours in the other language."""
    other = OTHER[language]
    if text in MADE:
        return False
    if text.casefold() in catalogue()[other]:
        return True
    words = set(re.findall(r"\w+", text.casefold()))
    return len(words & set(SMALL_WORDS[other].split())) > (1 if len(words) > 12 else 0)


def strange(html, language, titles=()):
    """What a page says in the other language; `titles` are what people have called things."""
    page = BeautifulSoup(html, "html.parser")
    written = [*titles]
    written += [each.get_text(" ", strip=True) for each in page.select(f"[lang={OTHER[language]}]")]
    return [text for text in texts(page, language) if foreign(without(written, text), language)]


def without(written, text):
    """A text without what people have written, which its page shows elsewhere with its language."""
    for each in sorted(written, key=len, reverse=True):
        text = text.replace(each, "…")
    return text


def kind_of(address, language):
    """What is the same for all pages of a kind: the pattern of their address, or a page's own."""
    with override(language):
        found = resolve(urlsplit(address).path)
    return found.route if found.url_name != "wagtail_serve" else urlsplit(address).path


def links(html, address, language):
    """The addresses of the portal that a page leads to in its language."""
    for link in BeautifulSoup(html, "html.parser").select("a[href]:not([hreflang])"):
        path = urlsplit(urljoin(address, link["href"]))
        in_english = path.path.startswith("/en/")
        if path.netloc == "" and in_english == (language == "en"):
            yield path.path + (f"?{path.query}" if path.query else "")


def leads_out(address):
    """Whether an address is no page of the portal, or one that the tests have put words of on."""
    made = any(slug in address for slug in ("/alla-block/", "/bara-", "stilguide", "logout"))
    # The preview of a spreadsheet asks about the file's own headings, by their own words.
    own_file = re.search(r"/fil/\d+/", address)
    return made or own_file or address.startswith(("/admin/", "/media/", "/static/", "/dev/"))


def leads_out_of_the_admin(address):
    """Whether an address is no page of the admin, or a developer's.

    Groups list permissions by the names that Django has stored in English, and terms are shown in
    both languages.
    """
    silent = ("styleguide", "logout", "/admin/groups/edit/", "/admin/groups/new/", "/termsversion/")
    return not address.startswith("/admin/") or any(each in address for each in silent)


def crawl(client, begin, language, leads_out=leads_out):
    """[(address, HTML)] of a page of each kind that is reached from those at `begin`."""
    waiting, seen, pages = deque(begin), set(), []
    while waiting:
        address = waiting.popleft()
        try:
            kind = kind_of(address, language)
        except Resolver404:
            continue
        if kind in seen or leads_out(address):
            continue
        seen.add(kind)
        answer = client.get(address, follow=True)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        html = answer.content.decode()
        pages.append((address, html))
        waiting.extend(links(html, address, language))
    return pages


def reader(name):
    from portal.foundation.users.models import User

    client = Client(raise_request_exception=False)
    if name != NOBODY:
        client.force_login(User.objects.get(email=f"{name}@demo.example"))
    return client


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("by", [NOBODY, "foretag", "skola", "forskola"])
def test_no_page_has_words_of_ours_in_the_other_language(demo_site, by, language):
    begin = [view.path(language) for view in VIEWS.values() if view.by == by]
    home = "/en/" if language == "en" else "/"
    mine = [] if by == NOBODY else [f"{home}mitt/"]

    pages = crawl(reader(by), [home, *mine, *begin], language)

    assert len(pages) > 40
    found = {address: strange(html, language) for address, html in pages}
    assert {address: some for address, some in found.items() if some} == {}


def written_in_english():
    """The titles of pages and the names of what is translated, which lists in the admin show."""
    from wagtail.models import Page

    from marketplace.materials.models import MaterialCategory
    from marketplace.translations.models import TranslatedText

    titles = Page.objects.values_list("title", flat=True)
    names = MaterialCategory.objects.values_list("name", flat=True)
    translated = TranslatedText.objects.values_list("title", flat=True)
    return {*titles, *names, *translated}


def test_no_page_of_the_admin_has_english_words_of_ours(demo_site, settings):
    from wagtail.users.models import UserProfile

    from portal.foundation.users.models import User

    settings.ADMIN_REQUIRES_MFA = False
    administrator = User.objects.get(email="admin@demo.example")
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": "sv"})
    client = reader("admin")
    home = client.get("/admin/").content.decode()
    menu = re.findall(r'"url":\s*"(/admin/[^"?#]*)"', unescape(home))

    pages = crawl(client, ["/admin/", *menu], "sv", leads_out_of_the_admin)

    assert len(pages) > 200
    assert [address for address, html in pages if "<title>" not in html] == []
    titles = written_in_english()
    found = {
        f"{text} ({address})"
        for address, html in pages
        for text in strange(html, "sv", titles)
        if text not in ENGLISH_IN_THE_ADMIN
    }
    assert found == set()


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("en", "<html lang=en><p>Det går inte att boka.</p>"),
        ("en", "<html lang=en><button>Spara</button>"),
        ("en", "<html lang=en><nav aria-label='Min sida'></nav>"),
        ("sv", "<html lang=sv><p>You have not sent it.</p>"),
        ("sv", "<html lang=sv><button>Save</button>"),
    ],
)
def test_a_word_of_the_other_language_would_be_found(language, html):
    assert len(strange(html, language)) == 1


def test_what_somebody_has_written_is_left_out():
    html = "<html lang=en><h1 lang=sv>Kork till alla</h1><p>Reserve it</p>"

    assert strange(html, "en") == []
    assert len(strange(html.replace(" lang=sv", ""), "en")) == 1
