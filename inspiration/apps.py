from importlib import import_module

from django.apps import AppConfig


class InspirationConfig(AppConfig):
    name = "inspiration"

    def ready(self):
        # Imported here, once all models are there.
        from inspiration.campaigns.figures import FIGURES, by_place, together
        from inspiration.lessons.tips import visibility as tips
        from inspiration.pages import menus as pages_menus
        from inspiration.signal_handlers import connect
        from marketplace.impact.figures.registry import add_figures

        import_module("inspiration.retention")
        # What pages show and answer: their models import no views.
        import_module("inspiration.campaigns.views")
        import_module("inspiration.events.views")
        import_module("inspiration.forms.answers")
        import_module("inspiration.newsletter.emails")
        import_module("inspiration.pages.feeds")
        import_module("inspiration.lessons.kits.cards")
        import_module("inspiration.lessons.kits.own")
        import_module("inspiration.lessons.material")
        import_module("inspiration.lessons.tips.notifications")
        import_module("inspiration.lessons.tips.queue")
        import_module("inspiration.lessons.tips.own")
        tips.register()
        connect()
        pages_menus.connect()
        add_figures(FIGURES, by_place, together)
