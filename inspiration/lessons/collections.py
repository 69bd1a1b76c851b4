"""Lesson ideas that an editor puts together: a theme, or what to begin with."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale

from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.cards import note_cards
from inspiration.pages.models import InspirationIndexPage, TaggedPage
from portal.foundation.pages.choosers import PageChooserBlock
from portal.foundation.pages.models import BasePage
from portal.foundation.pages.public import public


class CollectionPage(TaggedPage):
    """A page among the lesson ideas that shows some of them, in the order of its editor."""

    lessons = StreamField(
        [("lesson", PageChooserBlock(page_type=LessonIdeaPage, label=_("Lesson idea")))],
        verbose_name=_("lesson ideas"),
        min_num=1,
        help_text=_("In the order in which they are shown. Readers get each in their language."),
    )

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/lessons/collection_page.html"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("drawing"),
        FieldPanel("body"),
        FieldPanel("lessons"),
        FieldPanel("tags"),
    ]

    class Meta:
        verbose_name = _("collection of lesson ideas")
        verbose_name_plural = _("collections of lesson ideas")

    @classmethod
    def is_listed_by(cls, parent):
        listed = getattr(parent.specific, "lists", "")
        return listed in ("", InspirationIndexPage.Lists.IDEAS)

    @property
    def fallback_illustration(self):
        return "lektion"

    @cached_property
    def chosen(self):
        """The lesson ideas that everybody may read, each once, in the reader's language."""
        chosen = [block.value for block in self.lessons if block.value]
        keys = [*dict.fromkeys(page.translation_key for page in chosen)]
        shown = public(LessonIdeaPage.for_cards().live())
        pages = shown.filter(
            translation_key__in=keys, locale__in=[Locale.get_default(), self.locale]
        )
        # Those in the page's own language last, so that they win.
        ordered = sorted(pages, key=lambda page: page.locale_id == self.locale_id)
        found = {page.translation_key: page for page in ordered}
        return [found[key] for key in keys if key in found]

    def search_values(self):
        """Found by what its ideas are called and tell, and for whom and which subjects they are."""
        values, ideas = super().search_values(), self.chosen
        told = " ".join(f"{idea.title} {idea.summary}" for idea in ideas)
        return values | {
            "body": f"{values['body']} {told}",
            "age_groups": sorted({group for idea in ideas for group in idea.age_groups}),
            "subjects": sorted({subject for idea in ideas for subject in idea.subjects}),
        }

    def get_context(self, request, *args, **kwargs):
        ideas = self.chosen
        return super().get_context(request, *args, **kwargs) | {
            "ideas": ideas,
            **note_cards(request, ideas, has_ideas=True),
        }
