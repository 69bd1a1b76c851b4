"""Turn group membership and coordinators of municipalities into roles, and name the groups."""

from django.conf import settings
from django.db import migrations

# Name of the group until now → key of the role, and what the group is called from now on.
GROUPS = {
    "Editors": ("editor", "Redaktör"),
    "Communicators": ("communicator", "Kommunikatör"),
    "Coordinators": ("coordinator", "Samordnare"),
    "Steering group": ("steering_group", "Styrgrupp"),
}


def models_of(apps):
    app, model = settings.AUTH_USER_MODEL.split(".")
    return (
        apps.get_model("auth", "Group"),
        apps.get_model(app, model),
        apps.get_model("marketplace", "RoleAssignment"),
        apps.get_model("marketplace", "RoleGroup"),
    )


def give_roles(apps, schema_editor):
    Group, User, RoleAssignment, RoleGroup = models_of(apps)
    for name, (role, new_name) in GROUPS.items():
        group = Group.objects.filter(name=name).first()
        if group is None:
            continue
        RoleGroup.objects.get_or_create(role=role, defaults={"group": group})
        for user in User.objects.filter(groups=group):
            RoleAssignment.objects.get_or_create(user=user, role=role)
        if not Group.objects.filter(name=new_name).exists():
            group.name = new_name
            group.save(update_fields=["name"])
    for user in User.objects.filter(is_superuser=True):
        RoleAssignment.objects.get_or_create(user=user, role="administrator")
    for municipality in apps.get_model("marketplace", "Municipality").objects.all():
        for user in municipality.coordinators.all():
            assignment, _created = RoleAssignment.objects.get_or_create(
                user=user, role="coordinator"
            )
            assignment.municipalities.add(municipality)
    close_half_roles(RoleAssignment, RoleGroup)


def close_half_roles(RoleAssignment, RoleGroup):
    """Take coordinators without a municipality out of the group, and put those with one in."""
    role_group = RoleGroup.objects.filter(role="coordinator").first()
    if role_group is None:
        return
    for assignment in RoleAssignment.objects.filter(role="coordinator"):
        if assignment.municipalities.exists():
            assignment.user.groups.add(role_group.group)
        else:
            assignment.user.groups.remove(role_group.group)


def give_back(apps, schema_editor):
    Group, _user, RoleAssignment, RoleGroup = models_of(apps)
    names = {role: name for name, (role, _new_name) in GROUPS.items()}
    for role_group in RoleGroup.objects.filter(role__in=names):
        Group.objects.filter(pk=role_group.group_id).update(name=names[role_group.role])
        for assignment in RoleAssignment.objects.filter(role=role_group.role):
            assignment.user.groups.add(role_group.group)
    for assignment in RoleAssignment.objects.filter(role="coordinator"):
        for municipality in assignment.municipalities.all():
            municipality.coordinators.add(assignment.user)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("marketplace", "0023_role_assignments"),
    ]

    operations = [migrations.RunPython(give_roles, give_back)]
