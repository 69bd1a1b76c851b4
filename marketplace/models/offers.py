"""What somebody has begun to offer, kept until it becomes a listing."""

from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SIGNER = signing.Signer(salt="photo upload")


class PhotoUpload(models.Model):
    """A photo that was sent with a form that is not finished yet.

    The page carries its signed number, so that the photo survives every error in the form. Once a
    listing uses the photo the row goes; the nightly job removes those that nobody used.
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


class OfferDraft(models.Model):
    """An offer form as it was left by somebody who has yet to sign in, or was interrupted."""

    KEEP_DAYS = 30

    user = models.OneToOneField(
        "portal.User", null=True, blank=True, on_delete=models.CASCADE, related_name="offer_draft"
    )
    data = models.JSONField(help_text=_("Field names, each with its list of values."))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unfinished offer")
        verbose_name_plural = _("unfinished offers")

    def __str__(self):
        return self.data.get("title", [""])[0]
