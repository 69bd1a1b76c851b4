"""What offers to reach people on their phones. Nothing, where the portal cannot."""

from django import template
from django.utils.translation import gettext as _

from marketplace.notifications.phones import push, sms
from marketplace.notifications.phones.moments import take_moment

register = template.Library()
OFFER = "marketplace/notifications/push_offer.html"


@register.simple_tag
def phones_are_reached():
    """Whether there is anything to choose on the page “On your phone”."""
    return push.is_on() or sms.is_on()


@register.inclusion_tag(OFFER, takes_context=True)
def push_here(context):
    """The button that turns notifications on for this device, for somebody who looks for it."""
    return _values(context, lead=_("Should they be shown on this device?"), later=False)


@register.inclusion_tag("marketplace/notifications/push_offer_once.html", takes_context=True)
def push_after_sending(context):
    """The same, once, on the page that follows on what somebody has sent."""
    if not take_moment(context["request"]):
        return {"offered": False}
    lead = _("Do you want the answer as a notification on this device?")
    return _values(context, lead=lead, later=True) | {"offered": True}


def _values(context, *, lead, later):
    return {
        "csrf_token": context.get("csrf_token"),
        "push_key": push.public_key(),
        "push_next": context["request"].path,
        "push_lead": lead,
        "push_later": later,
    }
