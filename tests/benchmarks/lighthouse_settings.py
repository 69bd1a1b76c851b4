# ruff: noqa: F403, F405
"""Production's settings as far as a browser notices them, on SQLite and without https."""

from portal.settings.base import *

SECRET_KEY = "only-to-measure-on-this-machine"
ALLOWED_HOSTS = ["localhost"]
STORAGES["staticfiles"] = {"BACKEND": "portal.foundation.static_files.StaticFiles"}
# What the proxy in front of the portal does (see the Caddyfile).
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]
