from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        # Imported here, once all models are there.
        from inspiration.lessons import naming
        from inspiration.pages.material_finder import use
        from marketplace.impact.figures.registry import add_figures
        from marketplace.notifications.types import register_type
        from search.query.naming import meant_by
        from search.results.teasers import material
        from search.signal_handlers import connect
        from search.statistics.figures import FIGURES, by_place, together

        import_module("search.retention")
        import_module("search.synonyms.previews")
        connect()
        use(material)
        naming.use(meant_by)
        add_figures(FIGURES, by_place, together)
        register_type("saved_search", _("See what is new"), lambda told: told.context["url"])
