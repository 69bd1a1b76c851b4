"""What the admin can do about a mail that has not reached its reader."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from post_office.models import Email

from . import delivery


def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a mail server answered, and send the mail again when asked to."""
    if not request.user.has_perm("post_office.view_email"):
        raise PermissionDenied
    email = get_object_or_404(Email, pk=pk)
    if request.method == "POST":
        try:
            delivery.send_again(email_id=pk)
        except delivery.CannotSendAgain as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The mail is on its way again."))
        return redirect("post_office_email_modeladmin_index")
    return render(
        request,
        "portal/mail/send_again.html",
        {"email": email, "logs": email.logs.order_by("-date"), "may": delivery.may_send(email)},
    )
