"""How long notifications are kept."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import Notification
from marketplace.notifications.phones.models import PushSubscription
from portal.foundation.privacy.rules import Rule, register


def remove_notifications(before):
    return Notification.objects.filter(created_at__lt=before).delete()[0]


def remove_signed_out_devices(before):
    """Remove those that show nothing any more, because nobody is signed in there."""
    alive = PushSubscription.objects.signed_in().values("pk")
    gone = PushSubscription.objects.exclude(pk__in=alive).filter(created_at__lt=before)
    return gone.delete()[0]


register(
    Rule(
        "inbox",
        _("Your notifications"),
        _("So that you can look up what happened."),
        days=365,
        remove=remove_notifications,
    ),
    Rule(
        "phones",
        _("Devices that show notifications, your mobile number and your quiet hours"),
        _("So that your phone tells you what you have asked it to."),
        until=_("Until you turn them off or remove the number"),
    ),
    Rule(
        "signed_out_devices",
        _("Devices that showed notifications, once you are signed out there"),
        _("They no longer show anything."),
        days=1,
        remove=remove_signed_out_devices,
    ),
)
