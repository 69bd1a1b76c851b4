"""From a need that was answered in a form to a wanted ad, with one tap."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.contrib.forms.models import FormSubmission

from marketplace.materials.models import MaterialCategory
from marketplace.organisations.permissions import approved_organisation
from marketplace.wanted.models import WantedAd
from marketplace.wanted.permissions import can_post_wanted_ad
from marketplace.wanted.services import submit_wanted_ad

ANSWERED = "answered_needs"


@dataclass(frozen=True)
class Need:
    """A kind of material that was ticked, and the category it is."""

    name: str
    category: MaterialCategory


def remember(request: HttpRequest, submission: FormSubmission) -> None:
    """Let the visitor who has just answered make wanted ads of it, in this session."""
    request.session[ANSWERED] = submission.pk


def answered(request: HttpRequest) -> FormSubmission | None:
    """The answers that this visitor has sent last, or None."""
    pk = request.session.get(ANSWERED)
    return FormSubmission.objects.filter(pk=pk).select_related("page").first() if pk else None


def needs_of(submission: FormSubmission) -> list[Need]:
    """What was ticked in `submission` and is a category: by its whole name, or its first word."""
    names = MaterialCategory.objects.by_any_name()
    ticked = [
        value
        for values in submission.get_data().values()
        if isinstance(values, list)
        for value in values
    ]
    found = []
    for value in ticked:
        word = value.casefold()
        category = names.get(word) or next(
            (each for name, each in names.items() if name.split(" ")[0].startswith(word[:5])), None
        )
        if category:
            found.append(Need(value, category))
    return found


@login_required
@require_POST
def post_need(request):
    """Send a wanted ad for one of the needs that were answered just now."""
    submission = answered(request)
    needs = {need.name: need for need in needs_of(submission)} if submission else {}
    need = needs.get(request.POST.get("behov", ""))
    if need is None:
        raise Http404
    organisation = approved_organisation(request)
    if not can_post_wanted_ad(request.user) or organisation is None:
        raise PermissionDenied
    known = WantedAd.objects.filter(
        organisation=organisation, title=need.name, created_by=request.user
    )
    if not known.exists():
        ad = WantedAd(
            organisation=organisation,
            title=need.name,
            description=words_of(submission) or need.name,
            category=need.category,
        )
        submit_wanted_ad(wanted_ad=ad, by=request.user)
    messages.success(
        request, _("“%(title)s” is a wanted ad now. An editor reviews it.") % {"title": need.name}
    )
    return redirect("marketplace:my_page")


def words_of(submission: FormSubmission) -> str:
    """What was written in words of one's own, for those who read the ad."""
    fields = submission.page.specific.get_form_fields()
    written = [field for field in fields if field.field_type in ("singleline", "multiline")]
    data = submission.get_data()
    lines = [
        f"{field.label} {data[field.clean_name]}" for field in written if data.get(field.clean_name)
    ]
    return "\n".join(lines)[: WantedAd._meta.get_field("description").max_length]
