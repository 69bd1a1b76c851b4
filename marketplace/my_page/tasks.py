"""What waits for somebody beside reservations: people to let in, and words without an answer."""

from marketplace.exchange.listing_questions.models import ListingQuestion
from marketplace.notifications.models import Notification
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.permissions import is_administrator
from portal.foundation.users.models import User


def people_waiting(user: User, organisation: Organisation) -> list[Membership]:
    """Who asks to join `organisation`, for those who may let them in; the first one first."""
    if not is_administrator(user, organisation):
        return []
    pending = organisation.memberships.filter(status=Membership.Status.PENDING)
    return list(pending.select_related("user").order_by("pk"))


def questions_waiting(organisation: Organisation) -> list[ListingQuestion]:
    """What people want to know about the listings of `organisation`, the oldest first."""
    return list(ListingQuestion.objects.to(organisation).unanswered().with_listings())


def unread_messages(user: User) -> list[Notification]:
    """The last message that `user` has not read of each reservation, the oldest first."""
    unread = (
        user.notifications.unread()
        .filter(type="message", reservation__isnull=False)
        .with_subjects()
        .with_pictures()
        .order_by("created_at", "pk")
    )
    return list({each.reservation_id: each for each in unread}.values())
