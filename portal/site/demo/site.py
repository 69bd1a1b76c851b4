"""The pages of the demo, each in two languages: lessons, stories, articles, campaigns, forms"""

import json
from datetime import timedelta
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from wagtail.models import Site
from wagtail.rich_text import RichText

from inspiration.campaigns.models import CampaignPage
from inspiration.lessons.collections import CollectionPage
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import ArticlePage, HomePage, StandardPage
from inspiration.stories.models import CaseStoryPage
from portal.foundation.site_settings.models import SiteSettings
from portal.site.demo.calendar import at
from portal.site.demo.files import FOLDER, rows, toml
from portal.site.starter.pages import LANGUAGES, Pages

SOURCES = {
    "sv": "De här bilderna kommer från öppna källor:",
    "en": "These pictures come from open sources:",
}


def amount_of(written):
    """The fields of a `LessonMaterial` that "1 st child nice" stands for."""
    quantity, unit, per, *marks = written.split()
    return {
        "quantity": Decimal(quantity),
        "unit": unit,
        "per": per,
        "necessity": "nice" if "nice" in marks else "must",
        "instead": "instead" in marks,
    }


class DemoPages(Pages):
    """The pages of a new site, and the lessons, stories, articles and campaigns of the demo."""

    def __init__(self, *, images, organisations, owner, year):
        super().__init__(start=HomePage.objects.get(), owner=owner, images=images)
        self.organisations = organisations
        self.year = year

    def build(self):
        home, lists = super().build()
        self.lesson_ideas(lists["lektionsideer"])
        self.collections(lists["lektionsideer"])
        self.stories(lists["berattelser"])
        self.articles(lists["artiklar"])
        self.campaigns(lists["kampanjer"])
        self.forms(home, FOLDER / "content" / "pages" / "forms.toml")
        self.credits()
        self.settings()

    def days_ago(self, days):
        return at(self.year.ago(days), 9, 30)

    def lesson_ideas(self, parents):
        for number, row in enumerate(toml("pages/lessons.toml")["lesson"]):
            self.add(
                parents,
                LessonIdeaPage,
                row,
                published=self.days_ago(10 + number * 19),
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
                        amount=words[LANGUAGES.index(language)],
                        sort_order=order,
                        **amount_of(number),
                    )
                    for order, (slug, *words, number) in enumerate(row["materials"])
                ],
            )

    def collections(self, parents):
        keys = dict(LessonIdeaPage.objects.values_list("title", "translation_key"))
        for row in toml("pages/collections.toml")["collection"]:
            chosen = [keys[title] for title in row["lessons"]]
            self.add(
                parents,
                CollectionPage,
                row,
                published=self.days_ago(row["days_ago"]),
                drawing=row["drawing"],
                tags=row["tags"],
                body=self.body,
                lessons=lambda language, _texts, chosen=chosen: json.dumps(
                    [{"type": "lesson", "value": self.lesson(key, language)} for key in chosen]
                ),
            )

    def lesson(self, key, language):
        pages = LessonIdeaPage.objects.filter(translation_key=key)
        return pages.get(locale=self.locales[language]).pk

    def stories(self, parents):
        for row in toml("pages/stories.toml")["story"]:
            self.add(
                parents,
                CaseStoryPage,
                row,
                published=self.days_ago(row["days_ago"]),
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
                published=self.days_ago(row["days_ago"]),
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
                published=self.days_ago(row["days_ago"]),
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

    def credits(self):
        """Who has taken the photographs, below what the page of pictures says already."""
        for language in LANGUAGES:
            page = StandardPage.objects.get(slug="bilder", locale=self.locales[language])
            page.body.append(("text", RichText(credit_list(language))))
            page.save_revision(user=self.owner).publish(user=self.owner)

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
        "<p>{}</p><ul>{}</ul>",
        SOURCES[language],
        format_html_join(
            "",
            "<li>{}. {}, {}, {}.</li>",
            (
                (row[f"alt_text_{language}"], row["author"], row["source"], row["licence"])
                for row in rows("media/CREDITS.csv")
            ),
        ),
    )
