"""Blocks that show what there is right now."""

import json

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Locale, Page, Site
from wagtail.snippets.blocks import SnippetChooserBlock

from inspiration.pages.cards import page_cards
from inspiration.pages.filters import in_order
from inspiration.pages.material_finder import find_material, question
from inspiration.pages.sites import ledger_so_far, root_page
from marketplace.listings.models import MaterialListing
from portal.foundation.page_cache.fragments import kept_part
from portal.foundation.pages.public import public

MAX_TEASED = 4
NEWEST = 3


class LiveBlock(blocks.StructBlock):
    """A block that shows what there is: kept until that changes, when its page has long changed."""

    def render(self, value, context=None):
        request = (context or {}).get("request")
        site = Site.find_for_request(request) if request else None
        return kept_part(
            request,
            f"block:{type(self).__name__}",
            lambda: super(LiveBlock, self).render(value, context),
            json.dumps(self.get_prep_value(value), default=str),
            site and site.pk,
        )


class MaterialBlock(LiveBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    listing = SnippetChooserBlock("marketplace.MaterialListing", label=_("Listing"), required=False)
    category = SnippetChooserBlock(
        "marketplace.MaterialCategory", label=_("Or a category"), required=False
    )
    search = blocks.CharBlock(
        label=_("Or a search"),
        required=False,
        max_length=300,
        help_text=_(
            "Words, or the address of a search with its filters, such as "
            "/material/?q=tyg&kommun=klippan. With none of the three, the newest material is shown."
        ),
    )

    class Meta:
        label = _("Material")
        icon = "pick"
        template = "inspiration/pages/blocks/material.html"
        description = _("A listing, or what there is of a category or a search right now.")
        preview_value = {"title": "", "listing": None, "category": None, "search": ""}

    def to_python(self, value):
        return super().to_python({"search": "", **value})

    def bulk_to_python(self, values):
        # Blocks from before there was a search: None is no text, and cannot be translated.
        return super().bulk_to_python([{"search": "", **value} for value in values])

    def found(self, value, request):
        """Up to `MAX_TEASED` listings that it shows, without their photos."""
        available = MaterialListing.objects.available().in_words()
        if request:
            available = available.for_site(Site.find_for_request(request))
        listing, category, search = (value.get(name) for name in ("listing", "category", "search"))
        if search and not (listing or category):
            return find_material(available, search, language=get_language(), limit=MAX_TEASED)
        if listing:
            available = available.filter(pk=listing.pk)
        elif category:
            below = type(category).objects.with_descendants(slugs=[category.slug])
            available = available.filter(category__in=below)
        return list(available.newest()[:MAX_TEASED])

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        listing, category, search = (value.get(name) for name in ("listing", "category", "search"))
        if search and not (listing or category):
            context["question"] = question(search)
        elif category and not listing:
            context["question"] = f"kategori={category.slug}"
        listings = self.found(value, context.get("request"))
        prefetch_related_objects(listings, *MaterialListing.objects.photos())
        return context | {"listings": listings}


class EffectBlock(LiveBlock):
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)

    class Meta:
        label = _("Effect")
        icon = "success"
        template = "inspiration/pages/blocks/effect.html"
        description = _("What all handovers add up to, as of now.")
        preview_value = {"title": ""}

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        totals = ledger_so_far(context.get("request"))
        return context | {"totals": totals, "handovers": totals["handovers"]}


class NewestBlock(LiveBlock):
    """The newest pages of a kind, for the start page."""

    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("LessonIdeaPage", _("Lesson ideas")),
            ("CaseStoryPage", _("Stories")),
            ("ArticlePage", _("Articles")),
            ("CampaignPage", _("Campaigns")),
            ("EventPage", _("Events")),
        ],
    )

    class Meta:
        label = _("Newest pages")
        icon = "doc-full-inverse"
        template = "inspiration/pages/blocks/newest.html"
        description = _("Cards of the newest pages of one kind.")
        preview_value = {"title": _("New ideas"), "kind": "LessonIdeaPage"}

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        pages = public(Page.objects.live()).filter(locale=Locale.get_active())
        root = root_page(context["request"]) if context.get("request") else None
        if root:
            pages = pages.descendant_of(root)
        pages = pages.filter(**{f"{value['kind'].lower()}__isnull": False})
        context["pages"] = page_cards(in_order(pages)[:NEWEST])
        return context


class HowItWorksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=100)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Heading"), max_length=60)),
                ("text", blocks.TextBlock(label=_("Text"), max_length=250)),
            ]
        ),
        label=_("Steps"),
        min_num=2,
        max_num=4,
    )

    class Meta:
        label = _("How it works")
        icon = "list-ol"
        template = "inspiration/pages/blocks/how_it_works.html"
        description = _("Two to four steps that explain the portal.")
        preview_value = {
            "title": _("How it works"),
            "steps": [
                {"title": _("Find"), "text": _("Search what there is near you.")},
                {"title": _("Reserve"), "text": _("Ask for what you need and agree on a time.")},
                {"title": _("Use"), "text": _("Build, sew, sort, experiment.")},
            ],
        }
