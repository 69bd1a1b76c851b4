"""Start a case story from a pupil's idea, in the admin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspiration.stories import services as stories_services
from inspiration.stories.services import NoPlaceForStories
from marketplace.ideas.models import Idea


@require_POST
def draft_story(request, pk):
    """Start the story of an idea, or find the existing one, and open its editor."""
    if not request.user.has_perm("marketplace.change_idea"):
        raise PermissionDenied
    idea = get_object_or_404(Idea.objects.approved().for_cards(), pk=pk)
    try:
        story = stories_services.draft_story(idea=idea, by=request.user)
    except NoPlaceForStories:
        messages.error(
            request,
            _("There is no list to put the story in. Make an index page for stories first."),
        )
        return redirect("wagtailsnippets_marketplace_idea:edit", pk)
    messages.success(request, _("Here is the draft. Nobody else sees it until it is published."))
    return redirect(reverse("wagtailadmin_pages:edit", args=[story.pk]))
