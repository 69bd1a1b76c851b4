from django.apps import AppConfig


class InspirationConfig(AppConfig):
    name = "inspiration"

    def ready(self):
        from . import receivers

        receivers.connect()
