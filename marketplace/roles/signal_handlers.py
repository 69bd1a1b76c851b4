"""A superuser, however made, is an administrator on the page with people and roles too."""

from django.contrib.auth import get_user_model
from django.db.models.signals import post_save

from marketplace.roles.models import Role, RoleAssignment
from marketplace.roles.permissions import CACHE


def on_user_saved(sender, instance, raw=False, **kwargs):
    if instance.is_superuser and not raw:
        RoleAssignment.objects.get_or_create(user=instance, role=Role.ADMINISTRATOR)
        vars(instance).pop(CACHE, None)


def connect():
    post_save.connect(on_user_saved, sender=get_user_model(), dispatch_uid="administrator_role")
