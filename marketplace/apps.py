from importlib import import_module

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self):
        # Imported here, once all models are there.
        from marketplace.exchange.calendar_entries.services import FEED_SOURCES
        from marketplace.hubs.arrivals import way as to_hub
        from marketplace.hubs.openings import address_of_time
        from marketplace.ideas import visibility as ideas
        from marketplace.impact.figures.registry import add_figures
        from marketplace.impact.unplaced import figures as unplaced
        from marketplace.listings.photos import visibility as listings
        from marketplace.occasions.calendars import own_entries
        from marketplace.occasions.services import ADDRESSES
        from marketplace.signal_handlers import connect
        from marketplace.transport import visibility as transport
        from marketplace.transport import way
        from portal.foundation.sites import HOME_SITES

        from .organisations.permissions import home_site
        from .roles import signal_handlers

        import_module("marketplace.notification_types")
        import_module("marketplace.retention")
        import_module("marketplace.listings.views")
        HOME_SITES.append(home_site)
        FEED_SOURCES.append(own_entries)
        ADDRESSES.append(address_of_time)
        add_figures(unplaced.FIGURES, unplaced.by_place, unplaced.together)
        connect()
        listings.register()
        ideas.register()
        transport.register()
        to_hub.register()
        way.register()
        signal_handlers.connect()
