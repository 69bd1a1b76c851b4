"""Sign-in with a municipality's own accounts: what the setting says, as django-allauth wants it."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = ("id", "name", "municipality", "server_url", "client_id", "secret")


def apps(providers):
    """One allauth app per provider. Raises `ImproperlyConfigured` when something is missing."""
    found = []
    for provider in providers:
        missing = [key for key in REQUIRED if not provider.get(key)]
        if missing:
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: {', '.join(missing)} is missing.")
        found.append(
            {
                "provider_id": provider["id"],
                "name": provider["name"],
                "client_id": provider["client_id"],
                "secret": provider["secret"],
                "settings": {
                    "server_url": provider["server_url"],
                    "municipality": provider["municipality"],
                    "oauth_pkce_enabled": True,
                },
            }
        )
    return found


def origins(providers):
    """Where forms may be redirected: the providers, and what they name besides (`origins`)."""
    for provider in providers:
        parts = urlsplit(provider["server_url"])
        yield f"{parts.scheme}://{parts.netloc}"
        yield from provider.get("origins", [])
