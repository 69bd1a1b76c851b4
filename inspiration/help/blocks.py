"""Questions and answers, by who asks them."""

from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=120)
    answer = blocks.RichTextBlock(label=_("Answer"), features=["bold", "link", "ul", "ol"])
    key = blocks.CharBlock(
        label=_("Name in links"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Other pages link here with it. Keep it when you change the question."),
    )

    class Meta:
        label = _("Question")
        icon = "help"
        form_classname = "struct-block"


class RoleBlock(blocks.StructBlock):
    """The questions of those with the same errand."""

    title = blocks.CharBlock(label=_("Who asks"), max_length=60)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"))

    class Meta:
        label = _("Role")
        icon = "group"
        description = _("Questions and answers for people who want to do the same thing.")

    def get_preview_value(self):
        return self.normalize(
            {
                "title": gettext("Companies that give"),
                "questions": [
                    {
                        "question": gettext("What may we give?"),
                        "answer": gettext(
                            "<p>Things that are whole, clean and safe for children.</p>"
                        ),
                        "key": "ge",
                    }
                ],
            }
        )


class HelpBlock(blocks.StreamBlock):
    role = RoleBlock()
