"""The pages of the demo, each in two languages: start page, lists, lessons, stories, forms …"""

import json
from datetime import timedelta

from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site

from inspiration.models import (
    ArticlePage,
    CampaignPage,
    CaseStoryPage,
    FormField,
    FormPage,
    HomePage,
    InspirationIndexPage,
    LessonIdeaPage,
    LessonMaterial,
    StandardPage,
)
from marketplace.models import MaterialCategory
from portal.models import SiteSettings

from .calendar import at
from .files import rows, toml

LANGUAGES = ("sv", "en")


class Pages:
    """Makes each page in Swedish and in English, as translations of each other."""

    def __init__(self, *, images, organisations, owner, year):
        self.images = images
        self.organisations = organisations
        self.owner = owner
        self.year = year
        self.locales = {each.language_code: each for each in Locale.objects.all()}
        self.categories = {each.slug: each for each in MaterialCategory.objects.source()}

    def build(self):
        content = toml("pages/home.toml")
        home = self.home(content)
        lists = {
            slug: self.add(home, InspirationIndexPage, texts, slug=slug, show_in_menus=True)
            for slug, texts in content["lists"].items()
        }
        self.lesson_ideas(lists["lektionsideer"])
        self.stories(lists["berattelser"])
        self.articles(lists["artiklar"])
        self.campaigns(lists["kampanjer"])
        self.standard_pages(home)
        self.forms(home)
        self.settings()

    # --- The way a page is made -------------------------------------------------------------

    def add(self, parents, model, texts, *, slug=None, days_ago=0, cover="", **fields):
        """{language: page} below `parents`.

        `texts` has title, summary and perhaps a slug per language. A field that is a function is
        called with the language and its texts.
        """
        pages = {}
        published = at(self.year.ago(days_ago), 9, 30) if days_ago else None
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
        """A block as `content/pages/articles.toml` writes it, in the words of the StreamField."""
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

    def lesson_ideas(self, parents):
        for number, row in enumerate(toml("pages/lessons.toml")["lesson"]):
            self.add(
                parents,
                LessonIdeaPage,
                row,
                days_ago=10 + number * 19,
                drawing=row["drawing"],
                tags=row["tags"],
                age_groups=row["age_groups"],
                subjects=row["subjects"],
                preschool_goals=row["preschool_goals"],
                duration_minutes=row["minutes"],
                group_size=lambda _language, texts: texts["group"],
                safety=lambda _language, texts: texts["safety"],
                steps=lambda _language, texts: json.dumps(
                    [
                        {
                            "type": "step",
                            "value": {"title": title, "text": f"<p>{text}</p>", "image": None},
                        }
                        for title, text in texts["steps"]
                    ]
                ),
                learning_goals=lambda _language, texts: format_html(
                    "<ul>{}</ul>",
                    format_html_join("", "<li>{}</li>", ([goal] for goal in texts["goals"])),
                ),
                materials=lambda language, _texts, row=row: [
                    LessonMaterial(
                        category=self.categories[slug],
                        amount=amount[LANGUAGES.index(language)],
                        sort_order=order,
                    )
                    for order, (slug, *amount) in enumerate(row["materials"])
                ],
            )

    def stories(self, parents):
        for row in toml("pages/stories.toml")["story"]:
            self.add(
                parents,
                CaseStoryPage,
                row,
                days_ago=row["days_ago"],
                drawing=row["drawing"],
                tags=row["tags"],
                company=self.organisations[row["company"]],
                school=self.organisations[row["school"]],
                category=self.categories[row["category"]],
                body=self.story_body,
            )

    def story_body(self, _language, texts):
        first, *rest = texts["paragraphs"]
        html = "".join(f"<p>{paragraph}</p>" for paragraph in rest)
        return json.dumps(
            [
                self.block("text", f"<p>{first}</p>"),
                self.block("quote", *texts["quote"]),
                self.block("text", html),
            ]
        )

    def articles(self, parents):
        for row in toml("pages/articles.toml")["article"]:
            self.add(
                parents,
                ArticlePage,
                row,
                days_ago=row["days_ago"],
                drawing=row["drawing"],
                cover=row["cover"],
                tags=row["tags"],
                body=self.body,
            )

    def campaigns(self, parents):
        for row in toml("pages/campaigns.toml")["campaign"]:
            self.add(
                parents,
                CampaignPage,
                row,
                days_ago=row["days_ago"],
                drawing=row["drawing"],
                cover=row["cover"],
                tags=row["tags"],
                starts_on=self.year.today + timedelta(days=row["starts_in"]),
                ends_on=self.year.today + timedelta(days=row["ends_in"]),
                measure=row["measure"],
                goal=row["goal"],
                body=self.body,
                call=lambda _language, texts: texts["call"],
                result=lambda _language, texts: texts.get("result", ""),
                categories=[self.categories[slug] for slug in row["categories"]],
            )

    def standard_pages(self, parents):
        for row in toml("pages/standard.toml")["page"]:
            if row.get("credits"):
                for language in LANGUAGES:
                    row[language]["body"].append(["text", credit_list(language)])
            self.add(parents, StandardPage, row, body=self.body)

    def forms(self, parents):
        for row in toml("pages/forms.toml")["form"]:
            self.add(
                parents,
                FormPage,
                row,
                show_in_footer=True,
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

    def settings(self):
        settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
        settings.tagline = "Överblivet material från företag till skolor och förskolor."
        settings.tagline_en = "Left-over material from companies to schools and preschools."
        settings.contact_name = "Familjen Helsingborg, återbruk"
        settings.contact_email = "aterbruk@example.org"
        settings.contact_phone = "040-628 04 10"
        settings.save()


def credit_list(language):
    """The photographs with author, source and licence, as HTML."""
    return format_html(
        "<ul>{}</ul>",
        format_html_join(
            "",
            "<li>{}. {}, {}, {}.</li>",
            (
                (row[f"alt_text_{language}"], row["author"], row["source"], row["licence"])
                for row in rows("media/CREDITS.csv")
            ),
        ),
    )
