"""A laptop: SQLite, the database search engine, jobs in the process, mail on the console."""

from .base import *

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = SECRET_KEY or "only-for-development-never-used-in-production"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["*"]
VAR_DIR.mkdir(parents=True, exist_ok=True)
