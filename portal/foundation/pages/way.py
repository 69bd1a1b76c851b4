"""The pages that an address leads through, with their translations, asked for once."""

from django.db.models import Exists, Q
from wagtail.models import Page, PageViewRestriction


class Way:
    """From a page at the top (`home`) down along the slugs of an address, as far as there is one.

    One query knows what routing, breadcrumbs, the links to other languages and the question
    whether any page is closed to visitors would each ask for.
    """

    def __init__(self, home, slugs):
        along = Q(
            slug__in=slugs,
            path__startswith=home.path,
            depth__gt=home.depth,
            depth__lte=home.depth + len(slugs),
        )
        keys = Page.objects.filter(Q(pk=home.pk) | along).values("translation_key")
        self.found = list(
            Page.objects.filter(translation_key__in=keys)
            .select_related("locale")
            .annotate(some_are_closed=Exists(PageViewRestriction.objects.all()))
            .order_by("path")
        )
        self.home = home
        self.pages = self._follow(home, slugs)

    def _follow(self, home, slugs):
        """The pages from `home` on, each the child of the one before."""
        here = next(page for page in self.found if page.pk == home.pk)
        pages = [here]
        for slug in slugs:
            below = (page for page in self.found if page.slug == slug and page.is_child_of(here))
            here = next(below, None)
            if here is None:
                break
            pages.append(here)
        return pages

    @property
    def some_are_closed(self):
        """Whether there is any page on the site that not everybody may read."""
        return any(page.some_are_closed for page in self.found)

    def after(self, page):
        """The page below `page` on the way, or None where the way ends."""
        return next((each for each in self.pages if each.is_child_of(page)), None)

    def above(self, page):
        """The pages above `page`, from the top."""
        return [each for each in self.pages if page.is_descendant_of(each)]

    def translations_of(self, page):
        """The live translations of a page on the way, itself included."""
        return [
            each
            for each in self.found
            if each.live and each.translation_key == page.translation_key
        ]
