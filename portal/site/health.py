"""Is the process up, and can it do its work? (`/halsa/live` and `/halsa/redo`)"""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from portal.site import state
from search.engines.connection import is_configured
from search.index.models import SearchEntry


@never_cache
def live(request):
    """The process answers. Nothing else is asked, so that a slow database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request):
    """What the portal depends on, as JSON; 503 when it cannot work.

    `well` is false when somebody should look, though pages are answered: Elasticsearch away, no
    worker, mail that waits.
    """
    needed = state.findings(state.NEEDED)
    usable = not any(finding.is_blocking for finding in needed)
    others = (
        state.findings(state.OTHERS)
        if usable
        else [state.Finding(check, "unknown") for check in state.OTHERS]
    )
    found = [*needed, *others]
    body = {
        "ready": usable,
        "well": usable and all(finding.is_ok for finding in found),
        "checks": {finding.check.key: finding.answer for finding in found},
    }
    if usable and is_configured():
        body["waiting_to_be_indexed"] = SearchEntry.objects.pending_index().count()
    return JsonResponse(body, status=200 if usable else 503)
