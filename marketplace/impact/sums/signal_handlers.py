"""What companies gave and received is among the sums: they end when a company no longer is one."""

from typing import Any

from django.db.models.signals import post_save, pre_save

from marketplace.impact.sums.services import forget_sums
from marketplace.organisations.models import Organisation


def connect() -> None:
    pre_save.connect(note_type, sender=Organisation, dispatch_uid="sums")
    post_save.connect(follow_type, sender=Organisation, dispatch_uid="sums")


def note_type(sender: type, instance: Organisation, raw: bool = False, **kwargs: Any) -> None:
    before = Organisation.objects.filter(pk=instance.pk).values_list("type", flat=True).first()
    instance._type_before = None if raw else before


def follow_type(sender: type, instance: Organisation, **kwargs: Any) -> None:
    before = instance._type_before
    if before is not None and before != instance.type:
        forget_sums()
