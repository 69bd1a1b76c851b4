"""Admin pages of our own: for stories begun from ideas, campaigns and newsletters."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.errors import ExchangeError
from marketplace.models import Idea

from . import campaign_pages, newsletters, stories
from .models import CampaignPage, Newsletter
from .newsletter_forms import SendForm


def campaign_poster(request, pk):
    """The poster of a campaign as it stands in its latest draft, published or not."""
    page = get_object_or_404(CampaignPage, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    response = campaign_pages.poster_response(page.get_latest_revision_as_object(), page.get_site())
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-a4.pdf"'
    return response


# --- Newsletters ----------------------------------------------------------------------------------


def newsletter_to_send(request, pk):
    if not request.user.has_perm("inspiration.send_newsletter"):
        raise PermissionDenied
    return get_object_or_404(Newsletter.objects.with_results(), pk=pk)


def newsletter(request, pk):
    """Before it is sent: who gets it, test and send. After: what became of each copy."""
    return show_newsletter(request, newsletter_to_send(request, pk), SendForm())


def show_newsletter(request, issue, form):
    copies = issue.deliveries.select_related("subscriber", "email")
    return render(
        request,
        "inspiration/admin/newsletter.html",
        {
            "newsletter": issue,
            "form": form,
            "recipient_count": issue.recipients().count() if issue.is_draft else 0,
            "texts": issue.texts.all(),
            "copies": Paginator(copies, 50).get_page(request.GET.get("p")),
        },
    )


@require_POST
def test_newsletter(request, pk):
    issue = newsletter_to_send(request, pk)
    sent = newsletters.send_test(newsletter=issue, user=request.user)
    if sent:
        messages.success(
            request, _("A test is on its way to %(email)s.") % {"email": request.user.email}
        )
    return redirect("send_newsletter", pk=pk)


@require_POST
def send_newsletter(request, pk):
    issue = newsletter_to_send(request, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return show_newsletter(request, issue, form)
    try:
        newsletters.start_sending(newsletter=issue, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The newsletter is being sent. Follow it here."))
    return redirect("send_newsletter", pk=pk)


# --- Stories --------------------------------------------------------------------------------------


@require_POST
def draft_story(request, pk):
    """Begin the story of an idea (or find the one begun) and go to its editor."""
    if not request.user.has_perm("marketplace.change_idea"):
        raise PermissionDenied
    idea = get_object_or_404(Idea.objects.approved().for_cards(), pk=pk)
    try:
        story = stories.draft_story(idea=idea, by=request.user)
    except stories.NoPlaceForStories:
        messages.error(
            request,
            _("There is no list to put the story in. Make an index page for stories first."),
        )
        return redirect("wagtailsnippets_marketplace_idea:edit", pk)
    messages.success(request, _("Here is the draft. Nobody else sees it until it is published."))
    return redirect(reverse("wagtailadmin_pages:edit", args=[story.pk]))
