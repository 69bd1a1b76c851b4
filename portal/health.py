"""Is the process up, and can it do its work? (`/halsa/live` and `/halsa/redo`)"""

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from search import upkeep
from search.connection import is_configured
from search.models import SearchEntry


@never_cache
def live(request):
    """The process answers. Nothing else is asked, so that a slow database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request):
    """The dependencies, as JSON; 503 when the portal cannot work.

    Elasticsearch being away is told but does not make the portal unready: the database answers.
    """
    needed = {"database": database(), "storage": storage(), "cache": shared_cache()}
    usable = set(needed.values()) == {"ok"}
    # What Elasticsearch should have is in the database, and whether it may be asked in the cache.
    asks = needed["database"] == needed["cache"] == "ok"
    checks = needed | {"elasticsearch": upkeep.state() if asks else "unknown"}
    body = {"ready": usable, "checks": checks}
    if usable and is_configured():
        body["waiting_to_be_indexed"] = SearchEntry.objects.behind().count()
    return JsonResponse(body, status=200 if usable else 503)


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return "unavailable"
    return "ok"


def storage():
    try:
        default_storage.exists("health")
    except Exception:
        return "unavailable"
    return "ok"


def shared_cache():
    try:
        cache.get("health")
    except Exception:
        return "unavailable"
    return "ok"
