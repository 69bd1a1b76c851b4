"""A second factor for whoever enters the admin."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _


def admin_requires_mfa(get_response):
    """Lead staff without a passkey or authenticator to set one up before the admin opens."""

    def middleware(request):
        if (
            settings.ADMIN_REQUIRES_MFA
            and request.path.startswith("/admin/")
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            messages.info(request, _("The admin needs a second factor. Set one up here first."))
            return redirect("mfa_index")
        return get_response(request)

    return middleware
