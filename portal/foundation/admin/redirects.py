"""Wagtail's import of redirects, which fails where its second step comes without the first."""

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.views import process_import as theirs
from wagtail.permissions import policy_registry

# What the first step signs: the file that it has kept, and how it is read.
SIGNED = ("import_file_name", "input_format")


def process_import(request: HttpRequest) -> HttpResponse:
    """Wagtail's answer, or the way back to the first step where nothing of it is there."""
    policy = policy_registry.get_by_type(Redirect)
    may_import = policy.user_has_permission(request.user, "add")
    if request.method != "POST" or not may_import or follows_first_step(request.POST):
        return theirs(request)
    messages.error(request, _("The file is not there any more. Choose it once more."))
    return redirect("wagtailredirects:start_import")


def follows_first_step(sent: QueryDict) -> bool:
    """Whether the first step has signed what was `sent`."""
    try:
        for name in SIGNED:
            Signer().unsign(sent.get(name, ""))
    except BadSignature:
        return False
    return True
