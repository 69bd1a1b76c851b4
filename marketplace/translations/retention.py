"""How long translated texts are kept."""

from django.utils.translation import gettext_lazy as _

from portal.foundation.privacy.rules import Rule, register

register(
    Rule(
        "translated texts",
        _("Translations of listings, wanted ads and pupils' ideas"),
        _("So that more people can read them."),
        until=_("As long as what they are translations of"),
    ),
)
