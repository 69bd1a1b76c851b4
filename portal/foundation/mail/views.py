"""The mail that the development site has sent."""

from django.shortcuts import render
from post_office.models import Email


def sent_mail(request):
    """The newest mail that the portal has sent. Development only: it is how one reads a code."""
    emails = Email.objects.order_by("-created")[:50]
    return render(request, "portal/foundation/mail/sent_mail.html", {"emails": emails})
