"""The button that follows a listing, or no longer does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.exchange.follows.services import follow, unfollow
from marketplace.listings.models import MaterialListing


@login_required
@require_POST
def follow_listing(request, pk):
    """Follow what one may see; pressed again with `sluta`, follow it no more."""
    listing = get_object_or_404(MaterialListing.objects.published().seen_by(request.user), pk=pk)
    if "sluta" in request.POST:
        unfollow(listing=listing, user=request.user)
        messages.success(request, _("You no longer follow it."))
    else:
        follow(listing=listing, user=request.user)
        messages.success(request, _("You are told on the first day."))
    return redirect(listing)
