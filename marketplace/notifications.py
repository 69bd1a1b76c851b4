"""What people are told: a row in their inbox and, after commit, one mail in their language.

A kind of notification is two templates, `templates/email/<kind>_subject.txt` and `<kind>.txt`; the
HTML part is made from the text unless there is a `<kind>.html`. All get `notification`,
`reservation`, `listing`, `organisation` and `context` (the plain values given to `notify`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context
from django.template.loader import get_template, select_template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.permission_policies import ModelPermissionPolicy

from portal import mail
from portal.letters import absolute, contact_email, letter_from, site_name

from .calendars import pickup_calendar
from .models import MaterialListing, Membership, Notification


@dataclass(frozen=True)
class Kind:
    """What the button under a notification says and where it leads."""

    action: str
    path: Callable[[Notification], str] | None = None
    # The calendar file of the agreed pickup goes with the mail.
    calendar: bool = False


def about_path(notification):
    """The page of what a notification is about."""
    if notification.reservation_id:
        return reverse("marketplace:reservation", args=[notification.reservation_id])
    if notification.listing_id:
        return notification.listing.get_absolute_url()
    return reverse("marketplace:my_page")


def admin_path(notification):
    """Where an editor or a coordinator decides about what a notification is about."""
    about = notification.listing or notification.organisation
    return AdminURLFinder(notification.user).get_edit_url(about) or reverse("wagtailadmin_home")


def admin_home_path(notification):
    return reverse("wagtailadmin_home")


def mend_path(notification):
    return reverse("marketplace:offer_edit", args=[notification.listing_id])


def waiting_path(notification):
    return reverse("marketplace:waiting_place", args=[notification.context["waiting_id"]])


def organisation_path(notification):
    return reverse("marketplace:organisation")


def review_path(notification):
    """Where a new organisation is looked at and decided about."""
    return reverse("review_organisation", args=[notification.organisation_id])


def members_path(notification):
    """Where somebody is let in: the administrators' page, or that of those who approve."""
    administers = Membership.objects.active().filter(
        user=notification.user,
        organisation=notification.organisation,
        role=Membership.Role.ADMINISTRATOR,
    )
    path = organisation_path if administers.exists() else review_path
    return path(notification)


def own_ideas_path(notification):
    return reverse("marketplace:own_ideas")


def idea_path(notification):
    return reverse("marketplace:idea", args=[notification.context["idea_id"]])


def wanted_path(notification):
    return reverse("marketplace:wanted_short", args=[notification.context["wanted_id"]])


def admin_wanted_path(notification):
    return reverse(
        "wagtailsnippets_marketplace_wantedad:edit", args=[notification.context["wanted_id"]]
    )


def mend_wanted_path(notification):
    return reverse("marketplace:wanted_edit", args=[notification.context["wanted_id"]])


def admin_reservation_path(notification):
    return reverse("marketplace_reservation_modeladmin_inspect", args=[notification.reservation_id])


def regular_offer_path(notification):
    from .services import regular_offer_token

    about = notification.context
    token = regular_offer_token(about["regular_id"], about["asked_on"])
    return reverse("marketplace:regular_offer_answer", args=[token])


READ_MORE = Kind(_("Read more on the portal"))
ANSWER = Kind(_("Answer"))
OPEN_RESERVATION = Kind(_("Open the reservation"))
PICKUP = Kind(_("Open the reservation"), calendar=True)
GO_TO_MY_PAGE = Kind(_("Go to my page"), lambda notification: reverse("marketplace:my_page"))
KINDS = {
    "listing_submitted": Kind(_("Review it"), admin_path),
    "listing_approved": Kind(_("See the listing")),
    "listing_changes_requested": Kind(_("Change and send again"), mend_path),
    "listing_rejected": Kind(_("Change and send again"), mend_path),
    "regular_offer": Kind(_("Same as usual"), regular_offer_path),
    "import_submitted": Kind(_("Review them"), admin_home_path),
    "import_published": GO_TO_MY_PAGE,
    "reservation_requested": Kind(_("Answer the request")),
    "reservation_accepted": PICKUP,
    "reservation_declined": OPEN_RESERVATION,
    "reservation_cancelled": OPEN_RESERVATION,
    "reservation_prolonged": OPEN_RESERVATION,
    "reservation_reminder": Kind(_("Answer the request")),
    "reservation_expired": OPEN_RESERVATION,
    "reservation_not_collected": Kind(_("Say what happened")),
    "pickup_proposed": ANSWER,
    "pickup_agreed": PICKUP,
    "pickup_tomorrow": PICKUP,
    "message": ANSWER,
    "handover_confirmed": OPEN_RESERVATION,
    "thanks": OPEN_RESERVATION,
    "problem_reported": Kind(_("See the reservation"), admin_reservation_path),
    "waiting_offered": Kind(_("Say yes or no"), waiting_path),
    "waiting_offer_expired": Kind(_("See the listing")),
    "waiting_ended": Kind(_("Find material"), lambda notification: reverse("search:material")),
    "waiting_taken": OPEN_RESERVATION,
    "organisation_approved": GO_TO_MY_PAGE,
    "organisation_rejected": GO_TO_MY_PAGE,
    "organisation_to_approve": Kind(_("Look and decide"), review_path),
    "member_to_approve": Kind(_("Decide"), members_path),
    "member_approved": GO_TO_MY_PAGE,
    "member_refused": GO_TO_MY_PAGE,
    "made_administrator": Kind(_("See your colleagues"), organisation_path),
    "organisation_left": Kind(_("See the organisation"), review_path),
    "idea_to_approve": Kind(_("Read the ideas"), own_ideas_path),
    "idea_received": Kind(_("Read the idea"), idea_path),
    "idea_thanked": Kind(_("See the idea"), idea_path),
    "idea_taken_further": Kind(_("See the idea"), idea_path),
    "idea_message": Kind(_("Answer"), idea_path),
    "ideas_submitted": Kind(_("Review them"), admin_home_path),
    "idea_published": Kind(_("See the idea"), idea_path),
    "idea_not_published": Kind(_("See the idea"), idea_path),
    "wanted_submitted": Kind(_("Review it"), admin_wanted_path),
    "wanted_approved": Kind(_("See the ad"), wanted_path),
    "wanted_changes_requested": Kind(_("Change and send again"), mend_wanted_path),
    "wanted_rejected": Kind(_("Change and send again"), mend_wanted_path),
    "wanted_answer": Kind(_("See the answer"), wanted_path),
}


def register_kind(name, action, path=None):
    """Say what the button of notifications of kind `name` says, and where it leads.

    `path` takes the notification and gives an address on the site; without it, the button leads
    to the reservation or listing that the notification is about, or else to my page.
    """
    KINDS[name] = Kind(action, path)


def members(*organisations, but=None):
    """The people to tell when something happens to `organisations`: all active members but one."""
    users = get_user_model().objects.filter(
        is_active=True,
        memberships__status="active",
        memberships__organisation__in=organisations,
    )
    return users.exclude(pk=but.pk if but else None).distinct()


def editors():
    """The people who review listings: all who may publish them."""
    return ModelPermissionPolicy(MaterialListing).users_with_permission("publish")


def approvers(organisation):
    """The people who approve `organisation`: its municipality's coordinators, or else editors."""
    coordinators = organisation.municipality.coordinators.filter(is_active=True)
    return coordinators if coordinators.exists() else editors()


@transaction.atomic
def notify(*, users, kind, key, reservation=None, listing=None, organisation=None, **context):
    """Tell `users` something, each once per `key`, in the inbox and by mail after commit.

    `context` holds plain values (text, numbers) that the templates show.
    """
    from .tasks import send_notification

    for user in users:
        notification, created = Notification.objects.get_or_create(
            user=user,
            key=key,
            defaults={
                "kind": kind,
                "reservation": reservation,
                "listing": listing,
                "organisation": organisation,
                "context": context,
            },
        )
        if created:
            transaction.on_commit(partial(send_notification.enqueue, notification.pk))


# --- Words and mail -------------------------------------------------------------------------------

MUTE_SALT = "marketplace.mail_preference"


def action_of(notification):
    """(what the button says, the address on the site that it leads to)."""
    kind = KINDS.get(notification.kind, READ_MORE)
    return kind.action, (kind.path or about_path)(notification)


def subject_of(notification):
    """What happened, as one line, in the active language."""
    return " ".join(_text(f"email/{notification.kind}_subject.txt", _about(notification)).split())


def _about(notification):
    return {
        "notification": notification,
        "user": notification.user,
        "reservation": notification.reservation,
        "listing": notification.listing,
        "organisation": notification.organisation,
        "context": notification.context,
    }


def _text(template, values):
    """A template as plain text: nothing is escaped for HTML."""
    return get_template(template).template.render(Context(values, autoescape=False))


def mute_token(user):
    """What a link needs to change the mail preference of `user` without signing in."""
    return signing.dumps(user.pk, salt=MUTE_SALT)


def user_pk_from(token):
    """The reverse of `mute_token`. Raises `signing.BadSignature`."""
    return signing.loads(token, salt=MUTE_SALT)


def write_mail(notification):
    """Put the mail of `notification` into the queue, in the recipient's language."""
    user = notification.user
    with override(user.language):
        action, path = action_of(notification)
        values = _about(notification) | frame(user)
        values |= {"action": action, "url": absolute(path)}
        words = _text(f"email/{notification.kind}.txt", values).strip()
        values["body"] = re.sub(r"\n{3,}", "\n\n", words)
        values["subject"] = subject_of(notification)
        html = select_template([f"email/{notification.kind}.html", "email/from_text.html"])
        return queue_mail(
            user,
            subject=values["subject"],
            text=_text("email/layout.txt", values),
            html=html.template.render(Context(values)),
            values=values,
            calendar=calendar_of(notification, values["url"]),
        )


def write_invitation(invitation):
    """Put the mail with the link of `invitation` into the queue, in the inviter's language."""
    with override(invitation.created_by.language):
        values = {"organisation": invitation.organisation, "inviter": invitation.created_by}
        letter_from(
            "invitation",
            to=invitation.email,
            values=values | {"expires": invitation.expires_at},
            action=_("Join"),
            url=absolute(invitation.get_absolute_url()),
        ).send()


def calendar_of(notification, url):
    """The calendar file that goes with the mail of `notification`, or None."""
    reservation = notification.reservation
    kind = KINDS.get(notification.kind, READ_MORE)
    if kind.calendar and reservation.pickup_at and reservation.pickup_agreed_at:
        return pickup_calendar(reservation, url=url)
    return None


def write_summary(user, told):
    """Put one mail about several notifications, oldest first, into the queue."""
    with override(user.language):
        items = [
            {
                "subject": subject_of(notification),
                "url": absolute(reverse("marketplace:open_notification", args=[notification.pk])),
            }
            for notification in told
        ]
        values = frame(user) | {
            "items": items,
            "action": _("Open the inbox"),
            "url": absolute(reverse("marketplace:inbox")),
        }
        values["subject"] = " ".join(_text("email/summary_subject.txt", values).split())
        values["body"] = _text("email/summary.txt", values).strip()
        return queue_mail(
            user,
            subject=values["subject"],
            text=_text("email/layout.txt", values),
            html=get_template("email/summary.html").template.render(Context(values)),
            values=values,
        )


def frame(user):
    """What the frame around every mail to `user` needs, in the active language."""
    mute_path = reverse("marketplace:mail_preference", args=[mute_token(user)])
    return {
        "user": user,
        "language": user.language,
        "site_name": site_name(),
        "site_url": absolute("/"),
        "contact_email": contact_email,  # looked up by the few mails that show it
        "mute_url": absolute(mute_path),
    }


def queue_mail(user, *, subject, text, html, values, calendar=None, attachments=()):
    """Put a mail into the queue. `attachments` are (file name, content, type)."""
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{values['mute_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    if calendar:
        message.attach("pickup.ics", calendar, "text/calendar")
    for name, content, kind in attachments:
        message.attach(name, content, kind)
    return mail.queue(message)
