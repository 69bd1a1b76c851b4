"""Who is on what just now, by the same rows with which Wagtail knows who has an editor open."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Page

from portal.foundation.users.models import User


def address_of(thing: Model) -> tuple[int, str]:
    """(content type, key), as Wagtail's editors write it down."""
    model = Page if isinstance(thing, Page) else type(thing)
    return ContentType.objects.get_for_model(model).pk, str(thing.pk)


def come_to(thing: Model, user: User) -> None:
    """Note that `user` has opened `thing` in the queue."""
    content_type, object_id = address_of(thing)
    rows = EditingSession.objects.filter(user=user, content_type=content_type, object_id=object_id)
    if not rows.update(last_seen_at=timezone.now()):
        EditingSession.cleanup()
        EditingSession.objects.create(
            user=user,
            content_type_id=content_type,
            object_id=object_id,
            last_seen_at=timezone.now(),
        )


def others_on(things: Iterable[Model], user: User) -> dict[tuple[int, str], list[str]]:
    """{address of a thing: names of those, except `user`, who have opened it lately}"""
    addresses = {address_of(thing) for thing in things}
    fresh = timezone.now() - EditingSession.IDLE_TIMEOUT
    sessions = EditingSession.objects.filter(
        last_seen_at__gt=fresh, object_id__in={object_id for _type, object_id in addresses}
    )
    found: dict[tuple[int, str], list[str]] = {}
    for session in sessions.exclude(user=user).select_related("user").order_by("pk"):
        address = (session.content_type_id, session.object_id)
        name = str(session.user)
        if address in addresses and name not in found.setdefault(address, []):
            found[address].append(name)
    return found
