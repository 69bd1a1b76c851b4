"""Who is notified about an organisation."""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from marketplace.organisations.models import Organisation
from portal.foundation.users.models import User


def members(*organisations: Organisation, but: User | None = None) -> QuerySet[User]:
    """The people to tell when something happens to `organisations`: all active members but one."""
    users = get_user_model().objects.filter(
        is_active=True,
        memberships__status="active",
        memberships__organisation__in=organisations,
    )
    if but:
        users = users.exclude(pk=but.pk)
    return users.distinct()
