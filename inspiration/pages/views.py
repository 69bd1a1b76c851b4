"""Pages that gather content and material by their words."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from taggit.models import Tag
from wagtail.models import Page, Site

from inspiration.pages.cards import page_cards
from inspiration.pages.sites import root_page
from marketplace.listings.models import MaterialListing
from marketplace.wanted.models import WantedAd
from portal.foundation.pages.public import public

PER_PAGE = 12
LISTINGS = 8
WANTED_ADS = 4


def tag_url(tag):
    return reverse("inspiration:tag", args=[tag.slug])


def tagged_pages(tag, request):
    """Live pages of the site in the reader's language that carry the word, the newest first."""
    root = root_page(request)
    pages = public(Page.objects.descendant_of(root).live()) if root else Page.objects.none()
    tagged = Page.objects.filter(tagged_pages__tag=tag).values("pk")
    return pages.filter(pk__in=tagged).order_by("-first_published_at", "-pk")


def tag(request, slug):
    """What to read, what to do and what there is of one word."""
    tag = get_object_or_404(Tag, slug=slug)
    site = Site.find_for_request(request)
    listings = MaterialListing.objects.available().for_site(site).filter(tags=tag)
    wanted = WantedAd.objects.open().for_site(site).filter(tags=tag)
    numbers = Paginator(tagged_pages(tag, request), PER_PAGE).get_page(request.GET.get("sida"))
    return render(
        request,
        "inspiration/pages/tag.html",
        {
            "tag": tag,
            "numbers": numbers,
            "pages": page_cards(numbers.object_list),
            "listings": listings.for_cards().order_by("-first_published_at")[:LISTINGS],
            "listing_count": listings.count(),
            "wanted": wanted.for_cards().order_by("-first_published_at")[:WANTED_ADS],
            "feeds": [
                ("rss", reverse("inspiration:tag_rss", args=[tag.slug])),
                ("atom", reverse("inspiration:tag_atom", args=[tag.slug])),
            ],
        },
    )
