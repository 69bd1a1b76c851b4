"""What the key figures know beside the ledger: days of use, ratings, and reported purchases."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.collation import by_name


class UserDay(models.Model):
    """That a person used the portal, signed in, on a day. Nothing about what they did.

    Deleted with the user. Keeps where the person belonged on that day, so that a move does not
    change what has been counted.
    """

    class Side(models.TextChoices):
        COMPANY = "company", _("Company")
        SERVICE = "service", _("School or municipal service")
        OTHER = "other", _("Editor or other")

    user = models.ForeignKey("portal.User", on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"), default=timezone.localdate)
    municipality = models.ForeignKey(
        "marketplace.Municipality", null=True, blank=True, on_delete=models.PROTECT
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)

    class Meta:
        verbose_name = _("day of use")
        verbose_name_plural = _("days of use")
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="user_day_once"),
        ]
        indexes = [models.Index(fields=["day"], name="user_day_day")]

    def __str__(self):
        return f"{self.user} {self.day}"


class Rating(models.Model):
    """How one side found a handover: one question, and words if they like."""

    class Score(models.IntegerChoices):
        VERY_BAD = 1, _("Very bad")
        BAD = 2, _("Bad")
        ALL_RIGHT = 3, _("All right")
        GOOD = 4, _("Good")
        VERY_GOOD = 5, _("Very good")

    reservation = models.ForeignKey(
        "marketplace.Reservation", on_delete=models.CASCADE, related_name="ratings"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality", on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("how did it go?"), choices=Score.choices)
    text = models.TextField(
        _("what could be better?"),
        max_length=1000,
        blank=True,
        help_text=_("Read by the coordinator and those who build the portal, not published."),
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "organisation"], name="rating_once_per_side"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1) & Q(score__lte=5), name="rating_score_1_to_5"
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_score_display()}"


class PurchaseReportQuerySet(models.QuerySet):
    def of_organisation(self, organisation):
        return self.filter(organisation=organisation)

    def of_term(self, year, term):
        return self.filter(year=year, term=term)


class PurchaseReport(models.Model):
    """What a school or service bought of a kind of material in a term.

    Reported by themselves, in kilograms, in kronor or in both; the other is computed from the
    category's price and marked as such.
    """

    class Term(models.TextChoices):
        SPRING = "vt", _("Spring term")
        AUTUMN = "ht", _("Autumn term")

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="purchase_reports",
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    term = models.CharField(_("term"), max_length=2, choices=Term.choices)
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        related_name="purchase_reports",
    )
    mass_kg = models.DecimalField(
        _("kilograms"), max_digits=12, decimal_places=3, validators=[MinValueValidator(0)]
    )
    cost_sek = models.DecimalField(
        _("cost in SEK"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    mass_estimated = models.BooleanField(_("kilograms computed from the cost"), default=False)
    cost_estimated = models.BooleanField(_("cost computed from the kilograms"), default=False)
    reported_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)

    objects = PurchaseReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase report")
        verbose_name_plural = _("purchase reports")
        ordering = ["-year", "term", by_name("organisation__name"), by_name("category__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "term", "category"],
                name="purchase_once_per_term_and_category",
                violation_error_message=_("This material is already in the report of that term."),
            ),
            models.CheckConstraint(
                condition=Q(mass_kg__gte=0) & Q(cost_sek__gte=0),
                name="purchase_not_negative",
                violation_error_message=_("Kilograms and cost cannot be negative."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, {self.term}{self.year}: {self.category}"
