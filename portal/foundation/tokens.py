"""The colours of tokens.css for what no stylesheet reaches: print, pictures and mail."""

import re
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings


def new_token():
    """A secret for an address: 32 random bytes, so guessing is hopeless."""
    return secrets.token_urlsafe(32)


STYLESHEET = "portal/static/portal/css/tokens.css"


@cache
def colours() -> dict[str, str]:
    """Return {token's name without dashes: "#rrggbb"} of the light scheme."""
    light = Path(settings.BASE_DIR, STYLESHEET).read_text().split("@media screen")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
