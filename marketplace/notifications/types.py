"""The types of notification: what the button under each says, and where it leads.

Each subject registers its own in its `notifications.py`. A type is also two templates,
`templates/email/<type>_subject.txt` and `<type>.txt`; the HTML part is made from the text unless
there is a `<type>.html`. All get `notification`, `reservation`, `listing`, `organisation` and
`context` (the plain values given to `notify`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder

from marketplace.notifications.models import Notification
from portal.foundation.text_types import StrOrPromise


@dataclass(frozen=True)
class NotificationType:
    """What the button under a notification says and where it leads.

    `path` takes the notification and returns a path on the site; without it, the button leads to
    the reservation or listing that the notification is about, or else to my page. `calendar` takes
    the notification and returns (method, calendar file) of the entry that goes with its mail.
    `urgent` is what somebody must know before they set out, and is texted to who wants that.
    """

    action: StrOrPromise
    path: Callable[[Notification], str] | None = None
    calendar: Callable[[Notification], tuple[str, bytes] | None] | None = None
    urgent: bool = False


def about_path(notification):
    """The page of what a notification is about."""
    if notification.reservation_id:
        return notification.reservation.get_absolute_url()
    if notification.listing_id:
        return notification.listing.get_absolute_url()
    return reverse("marketplace:my_page")


def admin_path(notification):
    """Where an editor or a coordinator decides about what a notification is about."""
    about = notification.listing or notification.organisation
    return AdminURLFinder(notification.user).get_edit_url(about) or reverse("wagtailadmin_home")


def admin_home_path(notification):
    return reverse("wagtailadmin_home")


READ_MORE = NotificationType(_("Read more on the portal"))
GO_TO_MY_PAGE = NotificationType(
    _("Go to my page"), lambda notification: reverse("marketplace:my_page")
)
NOTIFICATION_TYPES: dict[str, NotificationType] = {}


def register_types(**types: NotificationType) -> None:
    """Register types of notification by their names."""
    NOTIFICATION_TYPES.update(types)


def urgent_types() -> list[str]:
    """The types that cannot wait until somebody looks at the portal or their mail."""
    return [name for name, found in NOTIFICATION_TYPES.items() if found.urgent]


def register_type(name, action, path=None):
    """Register one type: what its button says, and where it leads.

    `path` takes the notification and returns a path on the site; without it, the button leads
    to the reservation or listing that the notification is about, or else to my page.
    """
    NOTIFICATION_TYPES[name] = NotificationType(action, path)
