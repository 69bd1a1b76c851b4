from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"

    def ready(self):
        from inspiration import finding
        from marketplace.figures import add_figures
        from marketplace.notifications import register_kind

        from . import figures, receivers, teasers
        from . import privacy as privacy

        receivers.connect()
        finding.use(teasers.material)
        add_figures(figures.FIGURES, figures.by_place, figures.together)
        register_kind("saved_search", _("See what is new"), lambda told: told.context["url"])
        register_kind("wanted_match", _("See the listing"))
