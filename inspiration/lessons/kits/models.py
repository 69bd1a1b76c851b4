"""A kit that has been sent: what was asked for, for whom and when."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspiration.lessons.amounts import Group


class LessonKit(models.Model):
    """The requests and wanted ads that one tap on a lesson idea has made.

    How each of them stands is theirs to say; here is only what belongs together.
    """

    lesson = models.ForeignKey(
        "inspiration.LessonIdeaPage", on_delete=models.CASCADE, related_name="kits"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.CASCADE, related_name="kits"
    )
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    children = models.PositiveSmallIntegerField(_("children or pupils"))
    groups = models.PositiveSmallIntegerField(_("groups"))
    monday = models.DateField(_("first day of the week"))
    reservations = models.ManyToManyField("marketplace.Reservation", related_name="kits")
    wanted_ads = models.ManyToManyField("marketplace.WantedAd", related_name="kits")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kit")
        verbose_name_plural = _("kits")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(children__gt=0) & Q(groups__gt=0), name="kit_is_for_somebody"
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.lesson}"

    def get_absolute_url(self):
        return reverse("inspiration:kit", args=[self.pk])

    @property
    def group(self):
        return Group(self.children, self.groups)

    @property
    def week(self):
        return self.monday.isocalendar().week

    @property
    def friday(self):
        return self.monday + timedelta(days=4)

    def stops(self):
        """The reservations of each giver that are not called off, as lists."""
        found: dict[int, list] = {}
        for reservation in self.reservations.with_parties().order_by("pickup_at", "pk"):
            if reservation.is_open or reservation.is_promised:
                found.setdefault(reservation.giver.pk, []).append(reservation)
        return list(found.values())

    @property
    def can_be_cancelled(self):
        return self.reservations.open().exists()
