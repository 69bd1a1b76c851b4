"""Following a listing that cannot be fetched yet."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ListingFollow(models.Model):
    """Somebody who is told on the first day of a listing.

    Not a favourite with a flag: this is an order for one piece of news, carried out once and then
    over, of a listing that cannot be reserved yet. A favourite is silent, has no end of its own and
    is taken away by hand. Somebody may want either without the other.
    """

    listing = models.ForeignKey(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="follows"
    )
    user = models.ForeignKey(
        "portal.User", on_delete=models.CASCADE, related_name="followed_listings"
    )
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("followed listing")
        verbose_name_plural = _("followed listings")
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "user"],
                name="listing_followed_once",
                violation_error_message=_("You already follow it."),
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.listing}"
