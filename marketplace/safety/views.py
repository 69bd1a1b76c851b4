"""The published rules on what is safe for whom."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.safety.presentation import published
from marketplace.safety.rules import TABLE, Age, Verdict, rules


@require_safe
def safety(request):
    """Every rule with its reason, its source, and who has checked it."""
    table = rules().values()
    context = {
        "questions": published(),
        "ages": list(Age),
        "verdicts": list(Verdict),
        "unchecked": sum(not rule.checked_by for rule in table),
        "total": len(table),
    }
    return render(request, "marketplace/safety/safety.html", context)


@require_safe
def safety_rules(request):
    """The same table as the file that the portal reads."""
    response = HttpResponse(TABLE.read_bytes(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="safety_rules.csv"'
    return response
