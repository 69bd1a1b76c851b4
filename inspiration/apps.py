from django.apps import AppConfig


class InspirationConfig(AppConfig):
    name = "inspiration"

    def ready(self):
        from marketplace.figures import add_figures

        from . import figures, menus, receivers

        receivers.connect()
        menus.connect()
        add_figures(figures.FIGURES, figures.by_place, figures.together)
