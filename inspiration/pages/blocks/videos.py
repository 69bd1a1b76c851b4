"""Addresses of videos as people copy them, and where they are shown without cookies."""

import re
from urllib.parse import parse_qs, urlsplit

YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
YOUTUBE_KEY = re.compile(r"[\w-]{6,20}")
VIMEO_KEY = re.compile(r"\d{1,12}")
YOUTUBE_WAYS = {"embed", "shorts", "live", "v"}


def embed_address(typed: str) -> str | None:
    """Where the video of `typed` is shown without cookies, or None for any other address.

    Knows watch?v=, youtu.be, shorts and live of YouTube, and the addresses of Vimeo.
    """
    address = urlsplit(typed.strip() if "://" in typed else f"https://{typed.strip()}")
    if address.scheme not in ("http", "https"):
        return None
    host, parts = (
        (address.hostname or "").lower(),
        [part for part in address.path.split("/") if part],
    )
    if host == "youtu.be" and parts:
        return _youtube(parts[0])
    if host in YOUTUBE:
        if parts[:1] == ["watch"]:
            return _youtube(parse_qs(address.query).get("v", [""])[0])
        return _youtube(parts[1]) if len(parts) == 2 and parts[0] in YOUTUBE_WAYS else None
    if host in VIMEO and parts:
        return _vimeo(next((part for part in parts if VIMEO_KEY.fullmatch(part)), ""))
    return None


def _youtube(key: str) -> str | None:
    found = YOUTUBE_KEY.fullmatch(key)
    return f"https://www.youtube-nocookie.com/embed/{key}" if found else None


def _vimeo(key: str) -> str | None:
    return f"https://player.vimeo.com/video/{key}" if key else None
