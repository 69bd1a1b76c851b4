"""Our own admin pages: stories made from ideas, campaigns and newsletters."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspiration.newsletter.forms import SendForm
from inspiration.newsletter.models import Newsletter
from inspiration.newsletter.services import send_test, start_sending
from marketplace.review.errors import ExchangeError


def newsletter_to_send(request, pk):
    if not request.user.has_perm("inspiration.send_newsletter"):
        raise PermissionDenied
    return get_object_or_404(Newsletter.objects.with_results(), pk=pk)


def newsletter(request, pk):
    """Before it is sent: who gets it, test and send. After: what became of each copy."""
    return show_newsletter(request, newsletter_to_send(request, pk), SendForm())


def show_newsletter(request, issue, form):
    copies = issue.deliveries.select_related("subscriber", "email")
    return render(
        request,
        "inspiration/newsletter/admin/newsletter.html",
        {
            "newsletter": issue,
            "form": form,
            "recipient_count": issue.recipients().count() if issue.is_draft else 0,
            "texts": issue.texts.all(),
            "copies": Paginator(copies, 50).get_page(request.GET.get("p")),
        },
    )


@require_POST
def test_newsletter(request, pk):
    issue = newsletter_to_send(request, pk)
    sent = send_test(newsletter=issue, user=request.user)
    if sent:
        messages.success(
            request, _("A test is on its way to %(email)s.") % {"email": request.user.email}
        )
    return redirect("send_newsletter", pk=pk)


@require_POST
def send_newsletter(request, pk):
    issue = newsletter_to_send(request, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return show_newsletter(request, issue, form)
    try:
        start_sending(newsletter=issue, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The newsletter is being sent. Follow it here."))
    return redirect("send_newsletter", pk=pk)
