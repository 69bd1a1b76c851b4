"""How long days of use are kept."""

from django.utils.translation import gettext_lazy as _

from portal.foundation.privacy.rules import Rule, register

register(
    Rule(
        "days",
        _("On which days you have used the portal, not what you did"),
        _("They are included in the figures for how many use the portal."),
        until=_("Until you remove the account"),
    ),
)
