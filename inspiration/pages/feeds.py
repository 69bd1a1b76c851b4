"""Feeds of lists and tags, as RSS and Atom, narrowed by the same parameters as the list itself."""

from django.contrib.syndication.views import Feed
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from taggit.models import Tag
from wagtail.models import Site

from inspiration.pages.cards import page_cards
from inspiration.pages.models import TAGS, InspirationIndexPage
from inspiration.pages.views import tag_url, tagged_pages
from portal.foundation.pages.wiring import route_of
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.text_cleaning.cleaning import clean_text

ITEMS = 20


def with_words(pages):
    """`pages` with their tags at hand: cards show none, feeds do."""
    prefetch_related_objects(pages, TAGS)
    return pages


class PagesFeed(Feed):
    """The newest pages of something, each with its summary and words."""

    def get_feed(self, obj, request):
        self.request = request
        return super().get_feed(obj, request)

    def name(self, title):
        settings = SiteSettings.for_site(Site.find_for_request(self.request))
        return clean_text(f"{title} – {settings.name}")

    def item_title(self, page):
        return clean_text(page.title)

    def item_description(self, page):
        return clean_text(page.summary)

    def item_link(self, page):
        return page.get_full_url(self.request)

    def item_pubdate(self, page):
        return page.first_published_at

    def item_updateddate(self, page):
        return page.last_published_at

    def item_categories(self, page):
        return [clean_text(each.tag.name) for each in page.tagged_pages.all()]


class IndexFeed(PagesFeed):
    def get_object(self, request, index):
        return index

    def title(self, index):
        return self.name(index.title)

    def description(self, index):
        return clean_text(index.description)

    def subtitle(self, index):
        return clean_text(index.description)

    def link(self, index):
        return index.get_full_url(self.request)

    def items(self, index):
        newest = index.listed(self.request.GET).pages.order_by("-first_published_at", "-pk")
        return with_words(page_cards(newest[:ITEMS]))


class AtomIndexFeed(IndexFeed):
    feed_type = Atom1Feed


@route_of(InspirationIndexPage, "rss/", name="rss")
def rss(request, page):
    return IndexFeed()(request, index=page)


@route_of(InspirationIndexPage, "atom/", name="atom")
def atom(request, page):
    return AtomIndexFeed()(request, index=page)


class TagFeed(PagesFeed):
    def get_object(self, request, slug):
        return get_object_or_404(Tag, slug=slug)

    def title(self, tag):
        return self.name(tag.name)

    def description(self, tag):
        return ""

    def link(self, tag):
        return tag_url(tag)

    def items(self, tag):
        return with_words(page_cards(tagged_pages(tag, self.request)[:ITEMS]))


class AtomTagFeed(TagFeed):
    feed_type = Atom1Feed
