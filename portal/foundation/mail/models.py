"""What the portal keeps about mail beside what django-post-office does."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SetAsideMail(models.Model):
    """A mail that did not arrive and that somebody has decided to let be."""

    email = models.OneToOneField(
        "post_office.Email", on_delete=models.CASCADE, related_name="set_aside"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mail set aside")
        verbose_name_plural = _("mail set aside")

    def __str__(self):
        return str(self.email)
