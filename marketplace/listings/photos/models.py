"""Photos that are uploaded before the form around them is complete."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PhotoUpload(models.Model):
    """A photo that was sent with a form that is not finished yet.

    The page carries a signed reference, so that the photo survives every error in the form. Once
    a listing uses the photo the row goes; the nightly job removes those that nobody used.
    """

    KEEP_DAYS = 30

    image = models.OneToOneField(
        "portal.CustomImage", on_delete=models.CASCADE, related_name="upload"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("uploaded photo")
        verbose_name_plural = _("uploaded photos")

    def __str__(self):
        return str(self.image)
