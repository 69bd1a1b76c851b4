"""Mail about roles and second factors."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.roles.models import Role
from portal.foundation.mail.rendering import absolute, render_email_from
from portal.foundation.sites import speaking_to


def write_role_given(assignment, *, by) -> None:
    """Say to somebody that they have a role, and how they come to their desk."""
    user = assignment.user
    role = Role(assignment.role)
    with override(user.language), speaking_to(user):
        render_email_from(
            "role_given",
            to=user.email,
            values={
                "by": by,
                "role": role.label,
                "description": role.description,
                "municipalities": ", ".join(map(str, assignment.municipalities.all())),
                "email": user.email,
            },
            action=_("Open the admin"),
            url=absolute(reverse("wagtailadmin_home")),
            name=user.first_name,
        ).send()


def write_factors_reset(user) -> None:
    """Say to somebody that the second factor is gone, in case it was not they who asked."""
    with override(user.language), speaking_to(user):
        render_email_from(
            "factors_reset",
            to=user.email,
            values={},
            action=_("Open the admin"),
            url=absolute(reverse("wagtailadmin_home")),
            name=user.first_name,
        ).send()
