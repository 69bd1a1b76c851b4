from django.apps import AppConfig
from django.db.backends.signals import connection_created

from portal.foundation.sqlite import register_functions


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        # Imported here, once all models are there.
        from portal.foundation import locales
        from portal.foundation.admin import indexes  # noqa: F401
        from portal.foundation.images import publishing, visibility
        from portal.foundation.images.pages import Published
        from portal.foundation.page_cache.versions import watch
        from portal.foundation.pages import deleting
        from portal.foundation.text_cleaning.exports import guard_spreadsheets
        from portal.foundation.throttling import count_in_store
        from portal.site.terms import signal_handlers as terms

        from .site import account_signals, session_limits  # noqa: F401

        guard_spreadsheets()
        terms.connect()
        locales.connect()
        visibility.register(Published())
        publishing.connect()
        deleting.connect()
        connection_created.connect(register_functions, dispatch_uid="sqlite_functions")
        connection_created.connect(watch, dispatch_uid="content_version")
        count_in_store()
