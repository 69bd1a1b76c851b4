"""What the offer form asks for while somebody fills it in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from marketplace.materials.models import MaterialCategory
from marketplace.materials.units import Unit, trim
from marketplace.offers.suggestions import suggest_categories, usual_weight
from portal.foundation import throttling
from portal.foundation.text_cleaning.cleaning import clean_text


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    """Buttons with the likeliest categories of something with the title that is being written."""
    throttling.consume_by_device("search", request=request)
    title = clean_text(request.GET.get("title", ""))[:120]
    return render(
        request, "marketplace/offers/categories.html", {"categories": suggest_categories(title)}
    )


@require_GET
def weight(request: HttpRequest) -> HttpResponse:
    """What one usually weighs, in kg as people write it, and a sentence that helps to guess."""
    key, unit = request.GET.get("kategori", ""), request.GET.get("enhet", "")
    found = MaterialCategory.objects.source().select_related("parent")
    category = found.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
    if category is None or unit not in Unit.values:
        return JsonResponse({"kg": "", "hint": ""})
    usual = usual_weight(category, unit)
    return JsonResponse(
        {"kg": trim(usual) if usual else "", "hint": category.localized.weight_hint}
    )
