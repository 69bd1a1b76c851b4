"""The places of an organisation: where its material is fetched, when, and from whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation


class Place(models.Model):
    """An address of an organisation, with what somebody needs to know who goes there."""

    # Of one organisation: more than a chain of shops has in the region.
    MOST = 200

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="places",
    )
    address = models.CharField(_("street address"), max_length=160)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    town = models.CharField(_("town"), max_length=60, blank=True)
    hours = models.CharField(
        _("opening hours"),
        max_length=200,
        blank=True,
        help_text=_("For example, weekdays 7 am to 3 pm."),
    )
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    lift = models.BooleanField(_("there is a lift"), default=False)
    loading_dock = models.BooleanField(_("there is a loading dock"), default=False)
    access = models.CharField(
        _("how to get there and load"),
        max_length=200,
        blank=True,
        help_text=_(
            "For example, “Round the corner, ring at gate 3. A car with a trailer can turn.”"
        ),
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    used_at = models.DateTimeField(_("used last"), auto_now_add=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        # The one used last is the likeliest.
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(address=""),
                name="place_has_an_address",
                violation_error_message=_("Write the street address."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.address, f"{self.postcode} {self.town}".strip()]))

    @property
    def access_words(self) -> str:
        """How to get there and load, in a sentence or two; "" where nothing is known."""
        said = [
            str(_("There is a lift.")) if self.lift else "",
            str(_("There is a loading dock.")) if self.loading_dock else "",
            self.access,
        ]
        return " ".join(filter(None, said))
