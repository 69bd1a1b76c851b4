"""How long the ledger is kept."""

from django.utils.translation import gettext_lazy as _

from portal.foundation.privacy.rules import Rule, register

register(
    Rule(
        "handovers",
        _("What was handed over between which organisations"),
        _("The municipalities' figures build on it. It holds organisations and kilograms."),
        until=_("For good, but your name goes with your account"),
    ),
)
