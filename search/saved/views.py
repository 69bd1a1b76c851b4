"""Saved searches: keep one, change it, stop its mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.models import Site

from portal.foundation.users.requests import SignedInRequest
from search.engines.base import SearchQuery
from search.query.params import params_of
from search.results.labels import Labels, describe
from search.saved.forms import FrequencyForm, SavedSearchForm
from search.saved.models import SavedSearch
from search.saved.services import TooManySearches, TooMuchAsked, choose_frequency, save_search

LONGEST = 2000


@login_required
@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Keep the question that the button was pressed under; its owner is mailed what is new."""
    params = QueryDict(request.POST.get("sokning", "")[:LONGEST])
    query = SearchQuery.from_params(params, language=get_language())
    labels = Labels()
    try:
        _search, new = save_search(
            user=request.user,
            site=Site.find_for_request(request),
            params=params,
            name=describe(query, labels),
        )
    except TooManySearches:
        messages.error(
            request, _("You have as many saved searches as one can have. Remove one first.")
        )
    except TooMuchAsked:
        messages.error(
            request, _("That is too much to keep. Use fewer words and filters, and try again.")
        )
        return redirect(f"{reverse('search:search')}?{params_of(query).urlencode()}")
    else:
        messages.success(
            request,
            _(
                "Saved. What fits is shown on your page. "
                "Choose below how often you also want it by mail."
            )
            if new
            else _("You have saved this search already."),
        )
    return redirect("search:saved")


@login_required
def saved_list(request: SignedInRequest) -> HttpResponse:
    """One's own searches."""
    searches = request.user.saved_searches.annotate(
        found=Count("hits"), latest=Max("hits__found_at")
    )
    rows = [(each, SavedSearchForm(instance=each, prefix=f"s{each.pk}")) for each in searches]
    return render(request, "search/saved/saved_list.html", {"rows": rows})


@login_required
@require_POST
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another name, or mail more or less often."""
    search = own(request, pk)
    form = SavedSearchForm(request.POST, instance=search, prefix=f"s{pk}")
    if form.is_valid():
        choose_frequency(search=search, frequency=form.cleaned_data["frequency"])
        SavedSearch.objects.filter(pk=pk).update(name=form.cleaned_data["name"])
        messages.success(request, _("Your choice is saved."))
        return redirect("search:saved")
    rows = [
        (each, form if each.pk == pk else SavedSearchForm(instance=each, prefix=f"s{each.pk}"))
        for each in request.user.saved_searches.annotate(
            found=Count("hits"), latest=Max("hits__found_at")
        )
    ]
    return render(request, "search/saved/saved_list.html", {"rows": rows, "form": form})


@login_required
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    search = own(request, pk)
    search.delete()
    messages.success(request, _("“%(name)s” has been removed.") % {"name": search.name})
    return redirect("search:saved")


@csrf_exempt  # the secret in the address is what mail readers have for "unsubscribe" (RFC 8058)
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """How often one search mails; reached from its mail, without signing in.

    A link that is older than a year only ends mail; else it asks to sign in.
    """
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    ends = one_click or "stop" in request.POST
    age: dict[str, None] = {"max_age": None} if ends else {}
    try:
        search = get_object_or_404(SavedSearch.objects.from_token(token, **age))
    except signing.SignatureExpired:
        return redirect("search:saved")
    except signing.BadSignature as error:
        raise Http404 from error
    if ends:
        choose_frequency(search=search, frequency=SavedSearch.Frequency.NEVER)
        if one_click:
            # A mail program asks, which follows no redirects (RFC 8058, 3.1).
            return HttpResponse(
                _("Done. This search sends no more mail."), content_type="text/plain"
            )
        messages.success(request, _("Done. This search sends no more mail."))
        return redirect("search:saved_mail", token=token)
    form = FrequencyForm(request.POST or None, instance=search)
    if request.method == "POST" and form.is_valid():
        choose_frequency(search=search, frequency=form.cleaned_data["frequency"])
        messages.success(request, _("Your choice is saved."))
        return redirect("search:saved_mail", token=token)
    return render(request, "search/saved/saved_mail.html", {"form": form, "search": search})


def own(request: SignedInRequest, pk: int) -> SavedSearch:
    return get_object_or_404(request.user.saved_searches, pk=pk)
