"""Production. Refuses to start with an unsafe setting, and says which."""

from django.core.exceptions import ImproperlyConfigured

from . import base, database, monitoring, secrets
from .base import *

DEBUG = env.bool("DEBUG", default=False)
# A key that is made at the first start and kept there, where nobody has chosen one.
if not base.SECRET_KEY and (kept_at := env("SECRET_KEY_FILE", default="")):
    SECRET_KEY = secrets.kept(Path(kept_at))
DATABASES = {"default": database.database(env, VAR_DIR, pool_size=12)}
SQL_COMMENTS = env.bool("SQL_COMMENTS", default=True)

unsafe = []
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or "django-insecure" in SECRET_KEY:
    unsafe.append("SECRET_KEY must be set to at least 50 random characters.")
if DEBUG:
    unsafe.append("DEBUG must be off.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    unsafe.append("ALLOWED_HOSTS must name the hosts that the portal answers to.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    unsafe.append("DATABASE_URL must point at PostgreSQL; SQLite is for development.")
if not WAGTAILADMIN_BASE_URL.startswith("https://"):
    unsafe.append("BASE_URL must be the public https:// address; links in mail are built from it.")
LIMITS_STORE = env("LIMITS_STORE", default="database")
WEB_PROCESSES = env.int("WEB_PROCESSES", default=2)
CACHES["limits"] = caches.limits(LIMITS_STORE)
if LIMITS_STORE != "database" and WEB_PROCESSES > 1:
    unsafe.append(
        "LIMITS_STORE must be database where WEB_PROCESSES is more than one: each process would "
        "count by itself, and let so many times more through."
    )
if unsafe:
    raise ImproperlyConfigured("Unsafe production settings:\n- " + "\n- ".join(unsafe))

TASKS["default"]["BACKEND"] = env(
    "TASKS_BACKEND", default="portal.foundation.jobs.backend.JoiningBackend"
)
STORAGES["staticfiles"] = {"BACKEND": "portal.foundation.static_files.StaticFiles"}
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=300)
ADMIN_REQUIRES_MFA = env.bool("ADMIN_REQUIRES_MFA", default=True)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^halsa/"]
# Believed of our own proxy only; without one anybody could write it.
if base.ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# No other host, not even below ours, can put these into a visitor's browser.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
DEVICE_COOKIE_NAME, HUB_CARD_COOKIE_NAME = "__Host-device", "__Host-navkort"
MESSAGES_COOKIE_NAME = "__Host-messages"

monitoring.start(env)
