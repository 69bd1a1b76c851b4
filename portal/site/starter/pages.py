"""The pages that a new site begins with, each in Swedish and in English.

`manage.py setup_portal --with-pages` and the form for a new site make them, and the demo builds on
them.
"""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from django.utils.text import get_text_list, slugify
from wagtail.models import Locale, Page, Site

from inspiration.forms.models import FormField, FormPage
from inspiration.help.models import HelpPage
from inspiration.pages.models import InspirationIndexPage, StandardPage
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("sv", "en")
# What is added below the lists with these addresses.
LISTS = {
    "artiklar": InspirationIndexPage.Lists.ARTICLES,
    "berattelser": InspirationIndexPage.Lists.STORIES,
    "lektionsideer": InspirationIndexPage.Lists.IDEAS,
    "kampanjer": InspirationIndexPage.Lists.CAMPAIGNS,
    "handelser": InspirationIndexPage.Lists.EVENTS,
}
# Lists that sites which were started earlier get when `setup_portal` runs again.
LATER_LISTS = ["handelser"]
AND = {"sv": "och", "en": "and"}
# Rows below a page, which are translations of each other like the page.
CHILDREN = ("materials", "form_fields")
# What is set once the page is there.
LATER = (*CHILDREN, "tags", "categories")


def read(path):
    """What the TOML file at `path` says."""
    with path.open("rb") as file:
        return tomllib.load(file)


class Pages:
    """Makes each page in Swedish and in English, as translations of each other."""

    def __init__(self, *, start, owner=None, images=None, languages=LANGUAGES):
        """`start` is the Swedish start page, below which they are made.

        `owner` is the user who is said to have written them; `images` is {name: image}.
        """
        self.start = start
        self.languages = [each for each in LANGUAGES if each in languages]
        self.owner = owner
        self.images = images or {}
        self.locales = {each.language_code: each for each in Locale.objects.all()}
        self.categories = {each.slug: each for each in MaterialCategory.objects.source()}

    def build(self):
        """The start page with its sections, the lists, the standing pages, the contact form.

        Returns {language: start page} and {slug: {language: list}}.
        """
        content = read(CONTENT / "home.toml")
        home = self.home(content)
        lists = {
            slug: self.add(
                home,
                InspirationIndexPage,
                texts,
                slug=slug,
                show_in_menus=True,
                lists=LISTS.get(slug, ""),
            )
            for slug, texts in content["lists"].items()
        }
        self.standard_pages(home)
        self.help(home)
        self.forms(home, CONTENT / "forms.toml")
        return home, lists

    def add_later_lists(self):
        """The lists that came later, where there is none of their kind. Safe to run again.

        A list that nobody wants is unpublished: what has been deleted would come back.
        """
        found = self.start.get_translations(inclusive=True).select_related("locale")
        homes = {each.locale.language_code: each for each in found}
        texts = read(CONTENT / "home.toml")["lists"]
        for slug in LATER_LISTS:
            addresses = self.start.get_children().filter(slug=slug)
            lists = InspirationIndexPage.objects.filter(lists=LISTS[slug])
            if lists.descendant_of(self.start).exists() or addresses.exists():
                continue
            self.add(
                homes,
                InspirationIndexPage,
                texts[slug],
                slug=slug,
                show_in_menus=True,
                lists=LISTS[slug],
            )

    # --- The way a page is made -------------------------------------------------------------

    def add(self, parents, model, texts, *, slug=None, published=None, cover="", **fields):
        """{language: page} below `parents`.

        `texts` has title, summary and perhaps a slug per language. A field that is a function is
        called with the language and its texts. `published` is a moment in the past, or now.
        """
        pages: dict[str, Page] = {}
        for language in (each for each in self.languages if each in parents):
            own = texts[language]
            page = model(
                title=own["title"],
                slug=slug or own.get("slug") or slugify(own["title"]),
                summary=own["summary"],
                locale=self.locales[language],
                owner=self.owner,
                cover=self.images.get(cover),
                first_published_at=published,
                **{
                    name: value(language, own) if callable(value) else value
                    for name, value in fields.items()
                    if name not in LATER
                },
            )
            children = {name: fields[name](language, own) for name in CHILDREN if name in fields}
            self._set_children(page, children, source=pages.get("sv"))
            if "categories" in fields:
                page.categories = fields["categories"]
            parents[language].add_child(instance=page)
            if "tags" in fields:
                page.tags.add(*fields["tags"])
            self._publish(page, published)
            pages[language] = page
        return pages

    def _set_children(self, page, children, *, source):
        if source:
            page.translation_key = source.translation_key
        for name, rows in children.items():
            if source:
                for row, original in zip(rows, getattr(source, name).all(), strict=True):
                    row.translation_key = original.translation_key
            setattr(page, name, rows)

    def _publish(self, page, published):
        page.save_revision(user=self.owner).publish(user=self.owner)
        if published:
            Page.objects.filter(pk=page.pk).update(
                first_published_at=published, last_published_at=published
            )

    def body(self, _language, texts):
        return json.dumps([self.block(*each) for each in texts["body"]])

    def block(self, kind, *values):
        """A block as `content/home.toml` writes it, in the words of the StreamField."""
        kinds: dict[str, Callable[..., tuple]] = {
            "text": lambda html: ("text", html),
            "quote": lambda text, who: ("quote", {"text": text, "who": who}),
            "fact": lambda title, html: ("fact_box", {"title": title, "text": html}),
            "effect": lambda title: ("effect", {"title": title}),
            "material": lambda title, slug: (
                "material",
                {"title": title, "listing": None, "category": self.category_pk(slug)},
            ),
            "image": lambda name, caption: (
                "image",
                {"image": self.images[name].pk, "caption": caption},
            ),
            "action": lambda text, label, address: (
                "call_to_action",
                {"text": text, "label": label, "page": None, "address": address},
            ),
            "shortcomings": lambda *what: (
                "shortcomings",
                {"shortcomings": [{"what": each} for each in what]},
            ),
            "newest": lambda title, model: ("newest", {"title": title, "kind": model}),
            "how": lambda title, steps: (
                "how_it_works",
                {"title": title, "steps": [{"title": one, "text": two} for one, two in steps]},
            ),
        }
        made = kinds[kind](*values)
        return {"type": made[0], "value": made[1]}

    def category_pk(self, slug):
        return self.categories[slug].pk if slug else None

    # --- The pages --------------------------------------------------------------------------

    def home(self, content):
        """The start page, filled in, and its translations."""
        pages = {}
        for language in self.languages:
            page = self.start.get_translation_or_none(self.locales[language])
            pages[language] = page or self.start.copy_for_translation(self.locales[language])
        for language, page in pages.items():
            texts = content[language]
            page.heading = texts["heading"]
            page.introduction = texts["introduction"]
            page.summary = texts["summary"]
            page.sections = json.dumps([self.block(*each) for each in texts["sections"]])
            page.save_revision(user=self.owner).publish(user=self.owner)
        return pages

    def standard_pages(self, parents):
        for row in read(CONTENT / "standard.toml")["page"]:
            self.add(parents, StandardPage, row, body=self.standing_body)

    def help(self, parents):
        content = read(CONTENT / "help.toml")

        def roles(language, _texts):
            return json.dumps(
                [
                    {
                        "type": "role",
                        "value": {
                            "title": role[language],
                            "questions": [
                                {
                                    "key": each["key"],
                                    "question": each[language][0],
                                    "answer": each[language][1],
                                }
                                for each in role["question"]
                            ],
                        },
                    }
                    for role in content["role"]
                ]
            )

        self.add(parents, HelpPage, content["page"], slug="hjalp", roles=roles)

    def standing_body(self, language, texts):
        # Not `get_site()`, which asks a cache that another request may have filled meanwhile.
        site = Site.objects.filter(root_page__translation_key=self.start.translation_key).first()
        here = Municipality.objects.for_site(site)
        names = here.values_list("name", flat=True)
        municipalities = get_text_list(list(names), AND[language])
        return self.body(language, texts).replace("{municipalities}", municipalities)

    def forms(self, parents, path):
        for row in read(path)["form"]:
            self.add(
                parents,
                FormPage,
                row,
                show_in_footer=True,
                mails_contact=row.get("mails_contact", False),
                asks_for_needs=row.get("asks_for_needs", False),
                introduction=lambda _language, texts: texts["introduction"],
                thanks=lambda _language, texts: texts["thanks"],
                form_fields=lambda _language, texts: [
                    FormField(
                        sort_order=order,
                        label=label,
                        field_type=kind,
                        required=required,
                        help_text=help_text,
                        choices=choices,
                    )
                    for order, (label, kind, required, help_text, choices) in enumerate(
                        texts["fields"]
                    )
                ],
            )
