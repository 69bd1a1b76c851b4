"""The test run: fast hashing, mail kept in memory, a folder of its own for media."""

import tempfile

from .base import *

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
# SQLite keeps its test database where this says, so that `--reuse-db` has something to reuse.
DATABASES["default"]["TEST"] = {"NAME": env("TEST_DATABASE_NAME", default=None)}
if env("TEST_DATABASE_TEMPLATE", default=""):
    # PostgreSQL copies a migrated database in a second; migrating one takes minutes.
    DATABASES["default"]["TEST"]["TEMPLATE"] = env("TEST_DATABASE_TEMPLATE")
# A cursor that is closed after the test that opened it, with the garbage, would break the
# transaction of another test: PostgreSQL knows it no more.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# Its `flush` is quicker than Django's.
INSTALLED_APPS = ["tests.flushing", *INSTALLED_APPS]
# WhiteNoise warns of a folder that is not there.
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="portal-static-"))
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="portal-media-"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
POST_OFFICE = POST_OFFICE | {
    "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
}
ELASTICSEARCH_INDEX_PREFIX = env("ELASTICSEARCH_INDEX_PREFIX", default="portal-test")
LOGGING["root"]["level"] = "WARNING"
