from django.apps import AppConfig


class InspirationConfig(AppConfig):
    name = "inspiration"

    def ready(self):
        from . import menus, receivers

        receivers.connect()
        menus.connect()
