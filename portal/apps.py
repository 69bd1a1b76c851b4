from django.apps import AppConfig
from django.db.backends.signals import connection_created

from .collation import teach_sqlite


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        connection_created.connect(teach_sqlite, dispatch_uid="swedish_collation")
