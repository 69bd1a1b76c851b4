"""What stands between somebody and a page: limits, no such address."""

from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from marketplace.organisations.permissions import acting_organisation
from portal.foundation import throttling
from portal.foundation.mail import budget
from portal.site.error_pages import too_often


def no_nul_in_paths(get_response):
    """No page has such an address, and PostgreSQL refuses even to look for one."""

    def middleware(request):
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return middleware


def count_mail(get_response):
    """Count the mail that a request causes for the visitor behind it and their organisation."""

    def middleware(request):
        with budget.caused_by(request, organisation=partial(acting_organisation, request)):
            return get_response(request)

    return middleware


def know_devices(get_response):
    """Give a browser that is shown a form a number, so that its tries count for it alone."""

    def middleware(request):
        response = get_response(request)
        # Set by Django where a page has used the token of its forms.
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") and not request.user.is_authenticated:
            throttling.give_number(request, response)
        return response

    return middleware


def preview_as_visitor(get_response):
    """Show a preview in the admin as a visitor will see it, without the menu of who looks at it."""

    def middleware(request):
        # Wagtail's mark on the request that it makes for a preview.
        if getattr(request, "is_dummy", False):
            request.previewed_by, request.user = request.user, AnonymousUser()
        return get_response(request)

    return middleware


class KeepWithinLimits:
    """Count what is sent to the account's forms by device, and answer kindly when it is too often.

    Allauth counts by account and address; this comes before, so that one browser cannot use up
    what everybody behind the same address may do.
    """

    COUNTED = {
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or request.resolver_match.url_name not in self.COUNTED:
            return None
        if throttling.allows("account_device", key=throttling.device_of(request)):
            return None
        return too_often(request)

    def process_exception(self, request, exception):
        if isinstance(exception, throttling.TooOften):
            return too_often(request, str(exception))
        return None
