from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self):
        from inspiration import finding

        from . import receivers, teasers

        receivers.connect()
        finding.use(teasers.material)
