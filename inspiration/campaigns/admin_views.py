"""The printable poster of a campaign, for those who edit it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from inspiration.campaigns.models import CampaignPage
from inspiration.campaigns.views import poster_response


def campaign_poster(request, pk):
    """The poster of a campaign as it stands in its latest draft, published or not."""
    page = get_object_or_404(CampaignPage, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    response = poster_response(page.get_latest_revision_as_object(), page.get_site())
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-a4.pdf"'
    return response
