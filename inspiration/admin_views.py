"""Admin pages of our own: a story begun from an idea."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.models import Idea

from . import stories


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
