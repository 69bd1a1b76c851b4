from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    """A listing that somebody wants to find again. Sends nothing: `ListingFollow` does that."""

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="favourites")
    listing = models.ForeignKey(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="favourites"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "listing"], name="favourite_once")]

    def __str__(self):
        return str(self.listing)
