"""Takes note of clicks on results: a position, and no more."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.foundation.throttling import visitor_of
from search.engines.base import MAX_TEXT, readable
from search.statistics.counting import count_click


@csrf_exempt  # sent while the browser leaves the page, and changes nothing that is anybody's
@require_POST
def click(request: HttpRequest) -> HttpResponse:
    """Count a click on the result at a position, for words that were asked for today."""
    position = request.POST.get("position", "")
    count_click(
        text=readable(request.POST.get("q", ""), MAX_TEXT),
        municipality=readable(request.POST.get("kommun", ""), 60),
        visitor=visitor_of(request),
        position=int(position) if position.isdecimal() and len(position) < 6 else 0,
    )
    return HttpResponse(status=204)
