"""The card on the admin's first page about the newsletter that was written last."""

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspiration.newsletter.models import Newsletter, Subscriber
from marketplace.desk.dashboard import Card
from marketplace.roles.models import Role
from marketplace.roles.permissions import has_role


def newsletter_progress(request):
    """How many read it, and how far the latest issue has come; for communicators."""
    if not has_role(request.user, Role.COMMUNICATOR):
        return None
    readers = Subscriber.objects.active().count()
    latest = Newsletter.objects.with_results().order_by("-created_at", "-pk").first()
    return Card(
        title=_("Newsletter"),
        figure=number_format(readers, force_grouping=True),
        text=ngettext("reader", "readers", readers),
        lines=lines_of(latest) if latest else [],
        more=more_about(latest),
    )


def lines_of(newsletter):
    """The state of an issue and, once it is on its way, what has become of its copies."""
    link = reverse("send_newsletter", args=[newsletter.pk])
    lines = [(str(newsletter), link, newsletter.state)]
    if not newsletter.is_draft:
        lines += [
            (words, "", number_format(count, force_grouping=True))
            for words, count in (
                (_("Delivered"), newsletter.delivered),
                (_("Waiting to be sent"), newsletter.waiting),
                (_("Bounced or failed"), newsletter.bounced + newsletter.failed),
            )
        ]
    return lines


def more_about(newsletter):
    if newsletter and newsletter.is_draft:
        return (_("Test and send"), reverse("send_newsletter", args=[newsletter.pk]))
    return (_("Write a newsletter"), reverse("wagtailsnippets_inspiration_newsletter:add"))
