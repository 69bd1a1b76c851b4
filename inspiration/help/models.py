"""The help centre: one page with the questions of each role, answered by the editors."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from inspiration.help.blocks import HelpBlock
from portal.foundation.pages.models import BasePage


@dataclass(frozen=True)
class Question:
    """A question with its answer (HTML), and the name that links know it by."""

    key: str
    text: str
    answer: str

    def is_about(self, words):
        """Whether all `words` stand somewhere in it, in whatever form they begin a longer one."""
        read = strip_tags(f"{self.text} {self.answer}").casefold()
        return all(word in read for word in words)


@dataclass(frozen=True)
class Role:
    title: str
    questions: list[Question]


class HelpPage(BasePage):
    """The questions that people ask, by who asks them. There is one in each language."""

    roles = StreamField(HelpBlock(), blank=True, verbose_name=_("roles"))

    template = "inspiration/help/help_page.html"
    max_count_per_parent = 1
    parent_page_types = ["inspiration.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*BasePage.content_panels, FieldPanel("roles")]
    search_fields = [*BasePage.search_fields, index.SearchField("roles")]

    class Meta:
        verbose_name = _("help page")

    def clean(self):
        super().clean()
        keys = [row["key"] for role in self.roles for row in role.value["questions"]]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValidationError(
                {
                    "roles": _("Two questions have the same name in links: %(names)s.")
                    % {"names": ", ".join(twice)}
                }
            )

    def questions(self, wanted=""):
        """The `Role`s with their questions that are about all the words of `wanted`."""
        words = wanted.casefold().split()
        found = [
            Role(
                each.value["title"],
                [
                    question
                    for row in each.value["questions"]
                    if (
                        question := Question(row["key"], row["question"], row["answer"].source)
                    ).is_about(words)
                ],
            )
            for each in self.roles
        ]
        return [role for role in found if role.questions]

    def get_context(self, request, *args, **kwargs):
        wanted = request.GET.get("q", "").strip()[:100]
        return super().get_context(request, *args, **kwargs) | {
            "wanted": wanted,
            "found": self.questions(wanted),
        }
