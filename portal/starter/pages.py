"""The pages that a new site begins with, each in Swedish and in English.

`manage.py setup_portal --with-pages` makes them, and the demo builds on them.
"""

import json
import tomllib
from pathlib import Path

from django.utils.text import get_text_list, slugify
from wagtail.models import Locale, Page

from inspiration.models import (
    FormField,
    FormPage,
    HomePage,
    InspirationIndexPage,
    StandardPage,
)
from marketplace.models import MaterialCategory, Municipality

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("sv", "en")
AND = {"sv": "och", "en": "and"}


def read(path):
    """What the TOML file at `path` says."""
    with path.open("rb") as file:
        return tomllib.load(file)


class Pages:
    """Makes each page in Swedish and in English, as translations of each other."""

    def __init__(self, *, owner=None, images=None):
        """`owner` is the user who is said to have written them; `images` is {name: image}."""
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
            slug: self.add(home, InspirationIndexPage, texts, slug=slug, show_in_menus=True)
            for slug, texts in content["lists"].items()
        }
        self.standard_pages(home)
        self.forms(home, CONTENT / "forms.toml")
        return home, lists

    # --- The way a page is made -------------------------------------------------------------

    def add(self, parents, model, texts, *, slug=None, published=None, cover="", **fields):
        """{language: page} below `parents`.

        `texts` has title, summary and perhaps a slug per language. A field that is a function is
        called with the language and its texts. `published` is a moment in the past, or now.
        """
        pages = {}
        for language in LANGUAGES:
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
                    if name not in ("tags", "materials", "form_fields", "categories")
                },
            )
            if "sv" in pages:
                page.translation_key = pages["sv"].translation_key
            for name in ("materials", "form_fields"):
                if name in fields:
                    rows = fields[name](language, own)
                    if "sv" in pages:
                        for row, source in zip(rows, getattr(pages["sv"], name).all(), strict=True):
                            row.translation_key = source.translation_key
                    setattr(page, name, rows)
            if "categories" in fields:
                page.categories = fields["categories"]
            parents[language].add_child(instance=page)
            if "tags" in fields:
                page.tags.add(*fields["tags"])
            page.save_revision(user=self.owner).publish(user=self.owner)
            if published:
                Page.objects.filter(pk=page.pk).update(
                    first_published_at=published, last_published_at=published
                )
            pages[language] = page
        return pages

    def body(self, _language, texts):
        return json.dumps([self.block(*each) for each in texts["body"]])

    def block(self, kind, *values):
        """A block as `content/home.toml` writes it, in the words of the StreamField."""
        made = {
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
            "newest": lambda title, model: ("newest", {"title": title, "kind": model}),
            "how": lambda title, steps: (
                "how_it_works",
                {"title": title, "steps": [{"title": one, "text": two} for one, two in steps]},
            ),
        }[kind](*values)
        return {"type": made[0], "value": made[1]}

    def category_pk(self, slug):
        return self.categories[slug].pk if slug else None

    # --- The pages --------------------------------------------------------------------------

    def home(self, content):
        """The start page that `setup_portal` has made, filled in, and its translation."""
        swedish = HomePage.objects.get(locale=self.locales["sv"])
        english = swedish.get_translation_or_none(self.locales["en"])
        if english is None:
            english = swedish.copy_for_translation(self.locales["en"])
        pages = {"sv": swedish, "en": english}
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

    def standing_body(self, language, texts):
        names = Municipality.objects.values_list("name", flat=True)
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
