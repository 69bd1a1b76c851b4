import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()

# All code is read before the first visitor comes, and not looked through for garbage again and
# again: that held everybody up for 0.2 s every few hundred requests.
get_resolver().url_patterns  # noqa: B018  # reading them imports the views
gc.collect()
gc.freeze()
