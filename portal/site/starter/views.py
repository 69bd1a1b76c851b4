"""The admin's page that starts the site of another region."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.request import validate_host
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Site

from portal.foundation.users.requests import SignedInRequest
from portal.site.starter.forms import NewSiteForm
from portal.site.starter.services import start_site


def new_site(request: SignedInRequest) -> HttpResponse:
    """One form with all that a site needs; it stands when the form has been sent."""
    if not request.user.has_perm("wagtailcore.add_site"):
        raise PermissionDenied
    form = NewSiteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        say_where(request, start_site(form.new_site(), by=request.user))
        return redirect("wagtailsites:index")
    return render(request, "portal/site/starter/new_site.html", {"form": form})


def say_where(request: SignedInRequest, site: Site) -> None:
    """Say where the site is, and what else it takes to get there."""
    link = format_html('<a href="{}">{}</a>', f"{site.root_url}/", site.root_url)
    said = _("{name} is now at {link}, with the pages that every site starts with.")
    messages.success(request, format_html(said, name=site.site_name, link=link))
    if not validate_host(site.hostname, settings.ALLOWED_HOSTS):
        messages.warning(
            request,
            _(
                "The server does not answer to %(host)s yet. Ask the person who runs it "
                "to add the name to ALLOWED_HOSTS and to the certificate."
            )
            % {"host": site.hostname},
        )
