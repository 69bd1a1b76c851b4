"""What the limits count."""

from django.db import models


class LimitEntry(models.Model):
    """A counter of the limits: how often something has been done lately, and until when it counts.

    Nothing is thrown out to make room. Keys are hashed by the caller, so no row says who.
    """

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        app_label = "portal"
        verbose_name = "limit entry"
        verbose_name_plural = "limit entries"

    def __str__(self) -> str:
        return self.key
