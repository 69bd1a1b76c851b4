"""Settings shared by every environment. All that differs comes from environment variables."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from . import caches, database, limits, logs, oidc, phones
from .apps import *
from .wagtail import *

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("PORTAL_VAR_DIR", default=str(BASE_DIR / "var")))
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_FAILURE_VIEW = "portal.site.error_pages.csrf_failed"
# Maintenance mode: everybody gets a friendly page and nothing else.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "portal.foundation.requests.Trace",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.site.error_pages.maintenance",
    "portal.foundation.page_cache.middleware.KeepPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.foundation.sites.know_site",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.site.middleware.preview_as_visitor",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Outside what writes the headers of a page, which it keeps with the page.
    "portal.foundation.answers.LeadToAnswers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.site.headers.headers",
    "portal.foundation.text_cleaning.middleware.CleanText",
    "allauth.account.middleware.AccountMiddleware",
    "portal.site.session_limits.NoteActivity",
    "portal.site.session_limits.limit_sessions",
    "portal.site.doors.admin_requires_mfa",
    "portal.site.doors.OnlyOpenURLs",
    "portal.site.middleware.count_mail",
    "portal.site.middleware.know_devices",
    "portal.site.middleware.KeepWithinLimits",
    "portal.site.scoped_admin.ScopedAdmin",
    "portal.site.terms.middleware.AskForTerms",
    "marketplace.impact.usage.middleware.count_user_days",
    "marketplace.notifications.phones.middleware.follow_the_session",
    "marketplace.notifications.seen.ForgetWhatIsSeen",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.site.middleware.no_nul_in_paths",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "portal.site.conflicts.TellWhyNotDecided",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
    # Within all that decides whether somebody gets a page, and that counts who asks for it.
    "portal.foundation.page_cache.frames.KeepFrames",
    # Calls the view itself, so nothing may come after it.
    "portal.foundation.submissions.ActOnce",
]

ROOT_URLCONF = "portal.site.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.portal_tags"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
# Form widgets are rendered with our own templates as well.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------
DATABASES = {"default": database.database(env, VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
# The only one: it knows permissions too, and passwords only by way of allauth's own limits.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "marketplace:my_page"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.organisations.registration.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "portal.site.accounts.forms.LoginForm",
    "request_login_code": "portal.site.accounts.forms.CodeForm",
    "signup": "portal.site.accounts.forms.ArrivalForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Mail to municipalities can take some minutes: their filters let a new sender wait.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Changing the address while registering stays off: allauth offers it only for addresses that are
# new here, and so would tell who has an account.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
# Sensitive acts ask who one is again after this many seconds (see portal.site.asking_again).
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_ADAPTER = "portal.site.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = limits.RATES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "portal.site.accounts.key_form.AddKeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = True
# Sign-in with a municipality's own accounts: a JSON list such as
# [{"id": "klippan", "name": "Klippans kommun", "municipality": "1276",
#   "server_url": "https://login.klippan.example", "client_id": "…", "secret": "…"}].
# `municipality` is the official code; the provider vouches for addresses in its approved domains.
OIDC_PROVIDERS = env.json("OIDC_PROVIDERS", default=[])
SOCIALACCOUNT_ADAPTER = "portal.site.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc.apps(OIDC_PROVIDERS)}}
# The page that asks where somebody works comes after the first sign-in.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
# Staff must have used a second factor before they reach the admin (see portal.site.doors).
ADMIN_REQUIRES_MFA = env.bool("ADMIN_REQUIRES_MFA", default=False)

# --- Languages ----------------------------------------------------------------
LANGUAGE_CODE = "sv"
# Another language is a code more here, its content, and a catalogue in `locale` for the interface.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    (code, _(LANG_INFO[code]["name"])) for code in env.list("LANGUAGES", default=["sv", "en"])
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.foundation.formats"
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# --- Files --------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "static")))
MEDIA_URL = env("MEDIA_URL", default="/media/")
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES: dict[str, dict] = {
    "default": {"BACKEND": "portal.foundation.files.WholeFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
S3_ENDPOINT_URL = env("S3_ENDPOINT_URL", default=None)
S3_REGION = env("S3_REGION", default=None)
# The bucket is private; `portal.foundation.images.views` sends those who may see a picture to an
# address that is good for some minutes.
MEDIA_LINK_SECONDS = 600
MEDIA_BUCKET = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": env("S3_BUCKET", default=""),
        "endpoint_url": S3_ENDPOINT_URL,
        "region_name": S3_REGION,
        "file_overwrite": False,
        "querystring_auth": True,
        "querystring_expire": MEDIA_LINK_SECONDS,
        "default_acl": None,
    },
}
if env("S3_BUCKET", default=""):
    STORAGES["default"] = MEDIA_BUCKET
MEDIA_IN_BUCKET = bool(env("S3_BUCKET", default=""))
# Where the proxy has the media folder, for `X-Accel-Redirect` ("/" with our Caddyfile). Left empty,
# the portal reads the files itself.
MEDIA_ACCEL_PREFIX = env("MEDIA_ACCEL_PREFIX", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Wagtail (what differs between places; the rest is in `wagtail`) --------------
WAGTAIL_SITE_NAME = "Återbruksportalen"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://localhost:8000")
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "portal.foundation.admin.sqlite_search"
        if DATABASES["default"]["ENGINE"].endswith("sqlite3")
        else "modelsearch.backends.database",
        "SEARCH_CONFIG": "simple",
    },
}

# --- Search -------------------------------------------------------------------
# Without an address the database answers every search.
ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_INDEX_PREFIX = env("ELASTICSEARCH_INDEX_PREFIX", default="portal")
ELASTICSEARCH_API_KEY = env("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_PASSWORD = env("ELASTICSEARCH_PASSWORD", default="")
ELASTICSEARCH_TIMEOUT_SECONDS = env.float("ELASTICSEARCH_TIMEOUT_SECONDS", default=2.0)

# --- Background jobs and mail ---------------------------------------------------
TASKS = {
    "default": {
        "BACKEND": env("TASKS_BACKEND", default="django_tasks.backends.immediate.ImmediateBackend"),
    }
}
EMAIL_BACKEND = "portal.foundation.mail.queue.EmailBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Återbruksportalen <portal@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_CONFIG = env.email_url_config(env("EMAIL_URL", default="") or "consolemail://")
vars().update(EMAIL_CONFIG | {"EMAIL_BACKEND": EMAIL_BACKEND})
EMAIL_TIMEOUT = 20
# Where mail servers return newsletters that they cannot deliver (see `manage.py record_bounces`).
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
POST_OFFICE = {
    "BACKENDS": {
        "default": EMAIL_CONFIG["EMAIL_BACKEND"],
    },
    "DEFAULT_PRIORITY": "medium",
    "CELERY_ENABLED": False,
    "OVERRIDE_RECIPIENTS": None,
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(WAGTAILADMIN_BASE_URL).hostname or "localhost",
}

# --- Phones ---------------------------------------------------------------------
# Both ways to people's phones are off until they are set up; docs/operation.md has examples.
# Made by `manage.py make_web_push_key`, and to be kept.
WEB_PUSH_PRIVATE_KEY = env("WEB_PUSH_PRIVATE_KEY", default="")
# Whom a push service may write to; the sender of mail where nobody is named.
WEB_PUSH_CONTACT = env("WEB_PUSH_CONTACT", default="")
WEB_PUSH_SERVICES = env.list("WEB_PUSH_SERVICES", default=phones.PUSH_SERVICES)
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_USER = env("SMS_GATEWAY_USER", default="")
SMS_GATEWAY_PASSWORD = env("SMS_GATEWAY_PASSWORD", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")
SMS_GATEWAY_FORMAT = env("SMS_GATEWAY_FORMAT", default="form")
SMS_GATEWAY_FIELDS = phones.SMS_FIELDS | env.dict("SMS_GATEWAY_FIELDS", default={})
SMS_SENDER = env("SMS_SENDER", default="Aterbruk")

# --- Security -----------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *env.list("CSP_IMG_SRC", default=[])],
        "frame-src": [SELF, "https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "frame-ancestors": [SELF],
        # A form that leads to a municipality's sign-in is redirected there.
        "form-action": [SELF, *oidc.origins(OIDC_PROVIDERS)],
        "base-uri": [SELF],
        "object-src": [NONE],
    },
}
# Wagtail 8 writes inline styles, and inline scripts beside its date pickers, choosers and inline
# panels, also into what it fetches later, where neither a nonce nor a hash reaches
# (docs/security.md). No handler in an attribute runs, which is what slips through most often, and
# nothing else is let in. Its previews show pages of the site under the site's own policy.
ADMIN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "script-src": [SELF, UNSAFE_INLINE],
    "script-src-attr": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "form-action": [SELF],
}
# How many proxies in front of us are ours. With none, what a visitor says of their address in
# X-Forwarded-For is not believed where we count by address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Tells one browser from the next where tries are counted, and nothing else.
DEVICE_COOKIE_NAME = "device"
# Whose card a phone has scanned at a hub.
HUB_CARD_COOKIE_NAME = "navkort"
# What the next page says about what has just been done.
MESSAGES_COOKIE_NAME = "messages"
MESSAGE_STORAGE = "portal.foundation.messages.MessageStorage"
# Where to write about a hole in the portal, for /.well-known/security.txt: an https:// or mailto:
# address. Without one, the contact of the site is named.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
# Days without a visit; staff sessions end earlier, however much they are used.
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
STAFF_SESSION_HOURS = 12

# `default` keeps what can be made again, and may lose it; `pages` whole pages; `limits` counts, and
# loses nothing.
CACHES = {
    "default": caches.tolerant(
        env.cache("CACHE_URL", default="locmemcache://"),
        password=env("CACHE_PASSWORD", default=""),
    ),
    "pages": caches.pages(
        env.cache("CACHE_URL", default="locmemcache://"),
        password=env("CACHE_PASSWORD", default=""),
    ),
    "limits": caches.limits(env("LIMITS_STORE", default="memory")),
}
# How long a page that everybody sees alike is kept for visitors, while nothing in the database
# changes. 0 keeps none.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=0)
# Names of the views whose responses are cached. Others are rendered for each visitor.
KEPT_PAGES = {
    "wagtail_serve",
    "inspiration:tag",
    "marketplace:effect",
    "marketplace:effect_factors",
    "marketplace:listing",
    "search:material",
    "sitemap",
    "sitemap_part",
}

LOGGING = logs.logging(env)
# Whether each SQL statement carries the request that it belongs to, for the database's own logs.
SQL_COMMENTS = env.bool("SQL_COMMENTS", default=False)
# Where to ask for distances by road: an OSRM server. Without one they are great circles × a factor.
OSRM_URL = env("OSRM_URL", default="")
TRANSPORT_DETOUR_FACTOR = env.float("TRANSPORT_DETOUR_FACTOR", default=1.3)
TRANSPORT_SPEED_KMH = env.float("TRANSPORT_SPEED_KMH", default=40)
# The token that opens `/halsa/matt`; without one it is closed.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# --- Backups --------------------------------------------------------------------
# A folder, or s3://bucket/prefix.
BACKUP_TO = env("BACKUP_TO", default=str(VAR_DIR / "backups"))
# 32 random bytes as base64: `openssl rand -base64 32`. Without one, backups are not encrypted.
BACKUP_KEY = env("BACKUP_KEY", default="")
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=30)
# Web addresses without a scheme are taken as https (Django 6 does so by itself).
FORMS_URLFIELD_ASSUME_HTTPS = True
