"""The log of what retention has removed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """What the nightly job removed because its time was over. It names nobody."""

    ran_at = models.DateTimeField(_("when"), default=timezone.now)
    rule = models.CharField(_("rule"), max_length=40)
    removed = models.PositiveIntegerField(_("removed"))

    class Meta:
        verbose_name = _("removal of old data")
        verbose_name_plural = _("removals of old data")
        ordering = ["-ran_at", "rule"]
        indexes = [models.Index(fields=["rule", "-ran_at"], name="retention_run_rule")]

    def __str__(self):
        return f"{self.rule} {timezone.localdate(self.ran_at)}: {self.removed}"
