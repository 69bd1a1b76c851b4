"""Who works, and when what has to be done regularly was last done."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkerLaneQuerySet(models.QuerySet):
    def alive(self, now=None):
        return self.filter(seen_at__gt=(now or timezone.now()) - WorkerLane.LEASE)


class WorkerLane(models.Model):
    """One lane of a worker process. While it is seen, the jobs it has taken are being done."""

    BEAT = timedelta(seconds=5)
    LEASE = timedelta(seconds=30)

    name = models.CharField(_("name"), max_length=64, primary_key=True)
    urgent_only = models.BooleanField(_("urgent jobs only"), default=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects = WorkerLaneQuerySet.as_manager()

    class Meta:
        app_label = "portal"
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self):
        return self.name


class PeriodicStep(models.Model):
    """The latest run of one step of `manage.py periodic`."""

    name = models.CharField(_("step"), max_length=80, primary_key=True)
    ran_at = models.DateTimeField(_("last run"), default=timezone.now)
    seconds = models.FloatField(_("seconds"), default=0)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    failures = models.JSONField(_("what failed"), default=list, blank=True)

    class Meta:
        app_label = "portal"
        verbose_name = _("regular step")
        verbose_name_plural = _("regular steps")
        ordering = ["name"]

    def __str__(self):
        return self.name
