"""A site as `setup_portal` makes it, and pages to put on it."""

import json
from dataclasses import dataclass

import pytest
from wagtail.models import Locale

from inspiration.campaigns.models import CampaignPage
from inspiration.forms.models import FormPage
from inspiration.lessons.models import LessonIdeaPage, LessonMaterial
from inspiration.pages.models import ArticlePage, HomePage, InspirationIndexPage, StandardPage
from inspiration.stories.models import CaseStoryPage
from tests.browser.conftest import set_up_portal


@dataclass
class Pages:
    """Makes published pages below the start pages, in Swedish if nothing else is said."""

    sv: HomePage
    en: HomePage

    def add(self, model, parent=None, title="Sida", **fields):
        parent = parent or self.sv
        parent.refresh_from_db()
        page = model(title=title, locale=parent.locale, **fields)
        parent.add_child(instance=page)
        page.save_revision().publish()
        return model.objects.get(pk=page.pk)

    def index(self, title="Lista", **fields):
        return self.add(InspirationIndexPage, title=title, **fields)

    def lesson(self, parent=None, title="Kulbana", materials=(), **fields):
        parent = parent or self.lessons
        page = LessonIdeaPage(title=title, locale=parent.locale, **fields)
        page.materials = [LessonMaterial(**each) for each in materials]
        parent.refresh_from_db()
        parent.add_child(instance=page)
        page.save_revision().publish()
        return LessonIdeaPage.objects.get(pk=page.pk)

    @property
    def lessons(self):
        found = InspirationIndexPage.objects.filter(slug="lektioner", locale=self.sv.locale).first()
        return found or self.index("Lektioner", slug="lektioner")

    @property
    def articles(self):
        found = InspirationIndexPage.objects.filter(slug="artiklar", locale=self.sv.locale).first()
        return found or self.index("Artiklar", slug="artiklar")

    def article(self, title="Artikel", parent=None, body=(), **fields):
        blocks = json.dumps([{"type": type, "value": value} for type, value in body])
        return self.add(ArticlePage, parent or self.articles, title, body=blocks, **fields)

    def translate(self, page, language="en", **fields):
        """The page (and those above it) in another language, published."""
        copy = page.copy_for_translation(
            Locale.objects.get(language_code=language), copy_parents=True
        )
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save_revision().publish()
        for above in copy.get_ancestors().filter(depth__gt=2, live=False).specific():
            above.save_revision().publish()
        return type(page).objects.get(pk=copy.pk)

    def campaign(self, title="Kampanj", parent=None, **fields):
        return self.add(CampaignPage, parent or self.index("Kampanjer"), title, **fields)

    def story(self, title="Berättelse", parent=None, **fields):
        return self.add(CaseStoryPage, parent or self.index("Berättelser"), title, **fields)

    def standard(self, title="Om", **fields):
        return self.add(StandardPage, title=title, **fields)

    def form(self, title="Kontakt", **fields):
        return self.add(FormPage, title=title, **fields)


@pytest.fixture
def pages(db):
    set_up_portal()
    swedish = HomePage.objects.get(locale__language_code="sv")
    english = swedish.copy_for_translation(Locale.objects.get(language_code="en"))
    english.save_revision().publish()
    return Pages(sv=swedish, en=HomePage.objects.get(pk=english.pk))
