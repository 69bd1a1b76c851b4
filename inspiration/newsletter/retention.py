"""What is kept of newsletter readers, and how long."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspiration.newsletter.models import Subscriber
from portal.foundation.privacy.personal_data import row
from portal.foundation.privacy.rules import Rule, register


def subscriptions(addresses):
    mine = Q(pk=None)
    for address in addresses:
        mine |= Q(email__iexact=address)
    return Subscriber.objects.filter(mine)


def on_personal_data_requested(sender, addresses, **kwargs):
    """What is held on the person by address, for their export."""
    return {"inspiration.subscriber.email": [row(each) for each in subscriptions(addresses)]}


def on_user_pre_erase(sender, addresses, **kwargs):
    subscriptions(addresses).delete()


def remove_unconfirmed(before):
    """Addresses whose owner never confirmed."""
    return Subscriber.objects.never_confirmed().filter(asked_at__lt=before).delete()[0]


def remove_ended(before):
    """Addresses that the newsletter goes to no more: ended by the reader, or not existing."""
    over = Q(unsubscribed_at__lt=before) | Q(bounced_at__lt=before)
    return Subscriber.objects.filter(over).delete()[0]


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
)
