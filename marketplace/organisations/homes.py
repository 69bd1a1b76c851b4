"""Where somebody is at home: what municipal units give is seen there first."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from marketplace.organisations.models import Membership, Organisation
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


def home_of(user: User | AnonymousUser | None) -> Home | None:
    """The home of `user`: empty for visitors; None for editors, who see everything.

    Members of approved municipal units are at home in their municipality, coordinators in those
    that they look after. Remembered on the user object, so for one request.
    """
    if user is None or not user.is_authenticated:
        return Home()
    if not hasattr(user, REMEMBERED):
        setattr(user, REMEMBERED, _home(user))
    return getattr(user, REMEMBERED)


def _home(user: User) -> Home | None:
    if has_role(user, Role.EDITOR):
        return None
    own = (
        Membership.objects.active()
        .filter(user=user)
        .values_list(
            "organisation",
            "organisation__type",
            "organisation__approval",
            "organisation__municipality",
            "organisation__municipality__slug",
        )
    )
    organisations, places = set(), set()
    for pk, organisation_type, approval, municipality, slug in own:
        organisations.add(pk)
        at_home = organisation_type != Organisation.Type.COMPANY
        if at_home and approval == Organisation.Approval.APPROVED:
            places.add((municipality, slug))
    places.update(coordinated_by(user).values_list("pk", "slug"))
    return Home(
        municipalities=frozenset(pk for pk, _slug in places),
        slugs=tuple(sorted(slug for _pk, slug in places)),
        organisations=frozenset(organisations),
    )
