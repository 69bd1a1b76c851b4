"""Managers that rows of any subject have."""

from django.db import models


class ReadWith(models.Manager):
    """Reads each row with what its foreign keys `names` refer to, which all who read it show.

    Wagtail reads the rows of a page by the default manager, and then what each refers to by itself.
    """

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related(*self.names)
