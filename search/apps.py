from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"

    def ready(self):
        from inspiration import finding
        from marketplace.notifications import register_kind

        from . import privacy, receivers, teasers  # noqa: F401  # registers its rules

        receivers.connect()
        finding.use(teasers.material)
        register_kind("saved_search", _("See what is new"), lambda told: told.context["url"])
        register_kind("wanted_match", _("See the listing"))
