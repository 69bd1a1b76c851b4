"""The page behind the link that confirms a new address, and the one that asks for a code again."""

from allauth.account.forms import RequestReauthenticationCodeForm
from allauth.account.views import RequestReauthenticationCodeView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.site.accounts.addresses import confirm, read


def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, and then change the address. Opening the link alone changes nothing."""
    try:
        if request.method == "POST":
            confirm(token=token)
            messages.success(request, _("That is your address now. Sign in with it."))
            return redirect("account_login")
        _user, email = read(token)
    except ValidationError as error:
        context = {"error": " ".join(error.messages)}
        return render(request, "portal/site/accounts/confirm_address.html", context, status=410)
    return render(request, "portal/site/accounts/confirm_address.html", {"email": email})


class CodeAgainForm(RequestReauthenticationCodeForm):
    """allauth gives its one field no label, and so none in Swedish."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recipient"].label = _("Recipient")


class CodeAgain(RequestReauthenticationCodeView):
    form_class = CodeAgainForm


code_again = CodeAgain.as_view()
