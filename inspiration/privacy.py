"""What is kept of people outside the exchange: newsletter addresses and answers to forms."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import FormSubmission

from portal.personal_data import row
from portal.retention import Rule, register

from .models import Subscriber


def subscriptions(addresses):
    mine = Q(pk=None)
    for address in addresses:
        mine |= Q(email__iexact=address)
    return Subscriber.objects.filter(mine)


def on_person_asks(sender, addresses, **kwargs):
    """What is held on the person by address, for their export."""
    return {"inspiration.subscriber.email": [row(each) for each in subscriptions(addresses)]}


def on_person_leaves(sender, addresses, **kwargs):
    subscriptions(addresses).delete()


# --- When time has passed -------------------------------------------------------------------------


def remove_unconfirmed(before):
    """Addresses whose owner never said yes, whoever wrote them in."""
    return Subscriber.objects.never_confirmed().filter(asked_at__lt=before).delete()[0]


def remove_ended(before):
    """Addresses that the newsletter goes to no more: ended by the reader, or not existing."""
    over = Q(unsubscribed_at__lt=before) | Q(bounced_at__lt=before)
    return Subscriber.objects.filter(over).delete()[0]


def remove_answers(before):
    return FormSubmission.objects.filter(submit_time__lt=before).delete()[0]


register(
    Rule(
        "newsletter",
        _("The address that the newsletter goes to, with language and municipality"),
        _("So that you get it. It is used for nothing else."),
        until=_("Until you end the newsletter"),
    ),
    Rule(
        "newsletter unconfirmed",
        _("Addresses written in for the newsletter and never confirmed"),
        _("Time to find the link in the mail."),
        days=Subscriber.CONFIRM_WITHIN.days,
        remove=remove_unconfirmed,
    ),
    Rule(
        "newsletter ended",
        _("Addresses after the newsletter has ended, or could not be delivered"),
        _("So that you can change your mind."),
        days=Subscriber.KEPT_AFTER_END.days,
        remove=remove_ended,
    ),
    Rule(
        "form answers",
        _("What is sent with contact forms and surveys"),
        _("So that we can answer, and compare with the next survey."),
        days=2 * 365,
        remove=remove_answers,
    ),
)
