"""The number that every kept page carries."""

from django.db import models


class ContentVersion(models.Model):
    """One row, whose number grows with each change of what pages may show.

    In the database and not in the cache: every process, worker and command sees it at once, also
    where each keeps its pages in its own memory.
    """

    number = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "content version"

    def __str__(self) -> str:
        return str(self.number)
