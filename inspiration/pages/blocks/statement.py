"""The accessibility statement's list of known shortcomings."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

# A statement is reviewed at least once a year.
OLD_AFTER = timedelta(days=365)


class ShortcomingBlock(blocks.StructBlock):
    what = blocks.CharBlock(label=_("What does not work"), max_length=300)
    where = blocks.CharBlock(label=_("Where"), required=False, max_length=200)
    why = blocks.CharBlock(label=_("Why"), required=False, max_length=300)
    found_on = blocks.DateBlock(label=_("Found on"), required=False)
    mended_by = blocks.CharBlock(
        label=_("When it will be corrected"),
        required=False,
        max_length=120,
        help_text=_("A day, or why it has to stay."),
    )

    class Meta:
        label = _("Shortcoming")
        icon = "warning"


class ShortcomingsValue(blocks.StructValue):
    @property
    def is_old(self):
        """Whether nobody has said for a year that the list is still true."""
        reviewed = self.get("reviewed_on")
        return bool(reviewed and reviewed < timezone.localdate() - OLD_AFTER)


class ShortcomingsBlock(blocks.StructBlock):
    """Left empty, it shows a marked gap: nothing declares by itself that there are no faults."""

    shortcomings = blocks.ListBlock(ShortcomingBlock(), label=_("Shortcomings"), default=[])
    reviewed_on = blocks.DateBlock(
        label=_("Last reviewed on"),
        required=False,
        help_text=_("The day when somebody last went through the list. At least once a year."),
    )
    reviewed_by = blocks.CharBlock(
        label=_("Reviewed by"),
        required=False,
        max_length=160,
        help_text=_("State also whether it is a self-assessment or an outside review."),
    )

    class Meta:
        label = _("Known shortcomings")
        icon = "warning"
        template = "inspiration/pages/blocks/shortcomings.html"
        value_class = ShortcomingsValue
        description = _("For the accessibility statement: a list with the day of its last review.")

    def get_preview_value(self):
        shortcoming = {
            "what": gettext("The film has no captions."),
            "where": gettext("The story about the workshop"),
            "why": gettext("It was made before we knew how."),
            "found_on": timezone.localdate(),
            "mended_by": gettext("Before the summer."),
        }
        return self.normalize(
            {
                "shortcomings": [shortcoming],
                "reviewed_on": timezone.localdate(),
                "reviewed_by": gettext("The municipality itself."),
            }
        )
