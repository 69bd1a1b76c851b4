"""The numbers that everything kept carries."""

from django.db import models


class ContentVersion(models.Model):
    """One row, whose numbers grow with each change of what pages may show.

    In the database and not in the cache: every process, worker and command sees it at once, also
    where each keeps its pages in its own memory. Each area of the database that changes often has a
    number of its own (see `versions.AREAS`); `number` grows by one for each area that has changed
    and for each change outside of them.
    """

    number = models.PositiveBigIntegerField(default=0, db_default=0)
    pages = models.PositiveBigIntegerField(default=0, db_default=0)
    material = models.PositiveBigIntegerField(default=0, db_default=0)
    ledger = models.PositiveBigIntegerField(default=0, db_default=0)
    pictures = models.PositiveBigIntegerField(default=0, db_default=0)
    drafts = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "content version"

    def __str__(self) -> str:
        return str(self.number)
