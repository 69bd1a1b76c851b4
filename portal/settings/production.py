"""Production. Refuses to start with an unsafe setting, and says which."""

from django.core.exceptions import ImproperlyConfigured

from .base import *

DEBUG = env.bool("DEBUG", default=False)

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
if unsafe:
    raise ImproperlyConfigured("Unsafe production settings:\n- " + "\n- ".join(unsafe))

TASKS["default"]["BACKEND"] = env("TASKS_BACKEND", default="django_tasks_db.DatabaseBackend")
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
ADMIN_REQUIRES_MFA = env.bool("ADMIN_REQUIRES_MFA", default=True)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^halsa/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
