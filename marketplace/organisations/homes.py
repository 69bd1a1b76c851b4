"""Where somebody is at home: what municipal units give is seen there first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from marketplace.organisations.models import Organisation
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, has_role
from portal.foundation.users.models import User

REMEMBERED = "_home"


@dataclass(frozen=True)
class Home:
    """The municipalities whose own offers somebody sees first, and their own organisations."""

    municipalities: frozenset[int] = frozenset()
    slugs: tuple[str, ...] = ()
    organisations: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        """Tells apart people who see different listings, for what is kept."""
        return f"{sorted(self.municipalities)}{sorted(self.organisations)}"


def home_of(
    user: User | AnonymousUser | None, own: Sequence[Organisation] | None = None
) -> Home | None:
    """The home of `user`: empty for visitors; None for editors, who see everything.

    Members of approved municipal units are at home in their municipality, coordinators in those
    that they look after. `own` are the organisations of `user`, where they have been read already.
    Remembered on the user object, so for one request.
    """
    if user is None or not user.is_authenticated:
        return Home()
    if not hasattr(user, REMEMBERED):
        setattr(user, REMEMBERED, _home(user, own))
    return getattr(user, REMEMBERED)


def _home(user: User, own: Sequence[Organisation] | None) -> Home | None:
    if has_role(user, Role.EDITOR):
        return None
    if own is None:
        own = Organisation.objects.of_user(user).select_related("municipality")
    places = {(each.municipality_id, each.municipality.slug) for each in own if each.is_at_home}
    places.update(coordinated_by(user).values_list("pk", "slug"))
    return Home(
        municipalities=frozenset(pk for pk, _slug in places),
        slugs=tuple(sorted(slug for _pk, slug in places)),
        organisations=frozenset(each.pk for each in own),
    )
