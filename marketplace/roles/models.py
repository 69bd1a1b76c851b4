"""Who has which role in the admin. Roles are code; what they may do there follows from them."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    EDITOR = "editor", _("Editor")
    COMMUNICATOR = "communicator", _("Communicator")
    TRANSLATOR = "translator", _("Translator")
    COORDINATOR = "coordinator", _("Coordinator")
    STEERING_GROUP = "steering_group", _("Steering group")
    SUPPORT = "support", _("Support")

    @property
    def description(self):
        """One sentence on what the role is for."""
        return DESCRIPTIONS[self]

    @property
    def is_municipal(self) -> bool:
        """Whether the role is given for municipalities, and is nothing without one."""
        return self == Role.COORDINATOR


DESCRIPTIONS = {
    Role.ADMINISTRATOR: _("Does everything in the admin, gives roles and changes settings."),
    Role.EDITOR: _("Reviews listings, wanted ads and ideas, and publishes pages."),
    Role.COMMUNICATOR: _("Writes pages, runs campaigns and sends the newsletter."),
    Role.TRANSLATOR: _(
        "Translates pages, categories, listings, wanted ads and ideas, for an editor to publish."
    ),
    Role.COORDINATOR: _(
        "Approves and helps organisations, and follows figures, in the chosen municipalities only."
    ),
    Role.STEERING_GROUP: _("Reads figures and costs of all municipalities."),
    Role.SUPPORT: _("Looks up organisations and reservations to help people who write or call."),
}


class RoleAssignmentQuerySet(models.QuerySet):
    def whole(self):
        """Those that give something: a coordinator's without a municipality does not."""
        return self.exclude(role=Role.COORDINATOR, municipalities=None)

    def in_municipalities(self, municipalities):
        return self.filter(municipalities__in=municipalities).distinct()


class RoleAssignment(models.Model):
    """A role that a person has and, where it is municipal, for which municipalities."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="role_assignments",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    municipalities = models.ManyToManyField(
        "marketplace.Municipality",
        verbose_name=_("municipalities"),
        blank=True,
        related_name="role_assignments",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user__first_name", "user__last_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                name="role_once_per_person",
                violation_error_message=_("This person has that role already."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"

    @property
    def is_whole(self) -> bool:
        return not Role(self.role).is_municipal or bool(self.municipalities.all())


class RoleGroup(models.Model):
    """The group of Wagtail that carries a role's rights. Its name means nothing to the code."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, unique=True)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="role_group")

    class Meta:
        verbose_name = _("group of a role")
        verbose_name_plural = _("groups of roles")

    def __str__(self):
        return self.get_role_display()
