from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.search import index

from marketplace.listings.querysets import MaterialListingQuerySet
from marketplace.materials.carrying import CarriedBy, CarryClass, Carrying, least, load, most_by
from marketplace.review.models import Reviewed
from marketplace.safety.models import NOT_SETTLED, SafetyAnswered
from marketplace.translations.source import DETAILS, InOtherLanguages
from portal.foundation.images.photos import HasPhotos, Photo

# The last part of addresses below /material/<id>/ that are not the listing itself.
RESERVED_SLUGS = {"andra", "anmal", "aterkalla", "avsluta", "boka", "folj", "igen", "ko"}
RESERVED_SLUGS |= {"oppna", "spara"}


class ListingTag(ItemBase):
    """A word from the vocabulary that listings, lesson ideas and articles share."""

    tag = models.ForeignKey("taggit.Tag", related_name="listing_tags", on_delete=models.CASCADE)
    content_object = ParentalKey(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="tagged_items"
    )


WORDS = Prefetch("tagged_items", ListingTag.objects.select_related("tag"))


def ends_after_it_starts(name: str) -> models.CheckConstraint:
    """The constraint `name`: what is there from and until some day is not over before that."""
    return models.CheckConstraint(
        condition=Q(available_until=None)
        | Q(available_from=None)
        | Q(available_until__gte=F("available_from")),
        name=name,
        violation_error_message=_("The last day cannot be before the first day."),
    )


class MaterialListing(InOtherLanguages, HasPhotos, Reviewed, SafetyAnswered):
    """Material that an organisation gives away: what it is and where, in its giver's words.

    How much there is, is not here but in `Stock`: this row is revisioned, and publishing an old
    revision must never bring back what has been given away.
    """

    class Condition(models.TextChoices):
        NEW = "new", _("New, unused")
        GOOD = "good", _("Good condition")
        USED = "used", _("Used")
        WORN = "worn", _("Worn")

    class Recurrence(models.TextChoices):
        NONE = "none", _("Only this time")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    MAX_PHOTOS = 8
    DETAILS = DETAILS

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="listings",
    )
    answers_ad = models.ForeignKey(
        "marketplace.WantedAd",
        verbose_name=_("answers the wanted ad"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The wanted ad that this draft answers once it is sent.",
    )
    created_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="listings",
    )
    tags = ClusterTaggableManager(
        through=ListingTag, blank=True, verbose_name=_("tags"), related_name="listings"
    )
    condition = models.CharField(
        _("condition"), max_length=10, choices=Condition.choices, default=Condition.GOOD
    )
    colours = models.CharField(_("colours"), max_length=120, blank=True)
    dimensions = models.CharField(
        _("dimensions"),
        max_length=120,
        blank=True,
        help_text=_("For example, 60 × 40 cm, 2 mm thick."),
    )
    carry_class = models.CharField(
        _("how one is carried"),
        max_length=10,
        choices=CarryClass.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Tells people what transport to bring. If left empty, as usual for the "
            "kind of material."
        ),
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    pickup_address = models.CharField(_("pickup address"), max_length=160, blank=True)
    pickup_postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    pickup_town = models.CharField(_("town"), max_length=60, blank=True)
    pickup_hours = models.CharField(
        _("pickup times"),
        max_length=200,
        blank=True,
        help_text=_("For example, weekdays 7 am to 3 pm."),
    )
    pickup_access = models.CharField(
        _("how to get there and load"), max_length=300, blank=True, default="", db_default=""
    )
    delivery_offered = models.BooleanField(_("we can deliver"), default=False)
    splittable = models.BooleanField(_("can be shared by several"), default=True)
    smallest_part = models.DecimalField(
        _("smallest part"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In the same unit as the quantity."),
    )
    recurrence = models.CharField(
        _("how often"), max_length=10, choices=Recurrence.choices, default=Recurrence.NONE
    )
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    reference = models.CharField(_("your own reference"), max_length=60, blank=True)
    storage_place = models.CharField(_("storage place"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = MaterialListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            ends_after_it_starts("listing_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(smallest_part=None) | Q(smallest_part__gt=0),
                name="listing_smallest_part_positive",
                violation_error_message=_("The smallest part must be more than zero."),
            ),
        ]
        indexes = [models.Index(fields=["created_at", "id"], name="listing_created")]

    def __str__(self):
        return self.title

    # What its giver writes, and a copy takes over.
    WRITTEN = (
        "title",
        "description",
        "category",
        "condition",
        *SafetyAnswered.SAFETY_FIELDS,
        "colours",
        "dimensions",
        "carry_class",
        "pickup_address",
        "pickup_postcode",
        "pickup_town",
        "pickup_hours",
        "pickup_access",
        "delivery_offered",
        "splittable",
        "smallest_part",
        "contact_name",
        "contact_email",
        "contact_phone",
        "reference",
        "storage_place",
    )

    def clean(self):
        super().clean()
        if (
            self.available_from
            and self.available_until
            and self.available_until < self.available_from
        ):
            raise ValidationError(
                {"available_until": _("The last day cannot be before the first day.")}
            )

    @cached_property
    def category_name(self):
        """What its kind of material is called in the reader's language; on cards without asking."""
        return self.category.localized.name

    @property
    def words(self):
        """Its tags, in the order that they were written."""
        return [each.tag for each in self.tagged_items.all()]

    @property
    def slug(self):
        slug = slugify(self.title) or "material"
        return f"{slug}-material" if slug in RESERVED_SLUGS else slug

    def get_absolute_url(self):
        return reverse("marketplace:listing", kwargs={"pk": self.pk, "slug": self.slug})

    @property
    def municipality(self):
        return self.organisation.municipality

    @property
    def open_to_all_at(self):
        """When everybody sees it, where its own municipality comes first; None where all do."""
        days = self.municipality.own_first_days
        if self.organisation.is_company or not days or self.first_published_at is None:
            return None
        return self.first_published_at + timedelta(days=days)

    @property
    def is_held(self):
        """Whether only its own municipality sees it yet; the opposite of `open_to_all()`."""
        opens = self.open_to_all_at
        return opens is not None and opens > timezone.now()

    def is_open_to(self, organisation):
        """Whether `organisation` may ask for it already."""
        if not self.is_held:
            return True
        return organisation.is_municipal and (
            organisation.municipality_id == self.organisation.municipality_id
        )

    @property
    def is_available(self):
        """Whether somebody can ask for it now; the same rule as `available_to_some()`."""
        return (
            self.live
            and self.organisation.is_approved
            and self.stock.closed_at is None
            and self.stock.left > 0
            and (self.available_until is None or self.available_until >= timezone.localdate())
        )

    @property
    def passes_review(self):
        """Whether its giver is trusted, and an editor has nothing to settle for preschools."""
        trusted = self.organisation.trusted and self.organisation.is_approved
        return trusted and not self.must_be_settled

    def obstacle_to_publishing(self):
        if self.must_be_settled:
            return NOT_SETTLED
        return super().obstacle_to_publishing()

    def _measures(self, quantity):
        return {
            "carry_class": self.carry_class or self.category.usual_carry_class,
            "quantity": quantity,
            "unit": self.stock.unit,
            "kg_per_unit": self.stock.kg_per_unit,
        }

    def load(self, quantity):
        """What `quantity` of it, in the stock's unit, is to carry: see `carrying.load`."""
        return load(**self._measures(quantity))

    @property
    def most_by_bicycle(self):
        """How much of what is left a bicycle takes at once, in the stock's unit."""
        return most_by(CarriedBy.BICYCLE, **self._measures(self.stock.left))

    @property
    def most_by_car(self):
        return most_by(CarriedBy.CAR, **self._measures(self.stock.left))

    @property
    def carrying(self):
        """What it takes to fetch what is left, or the least that one may take of it."""
        left = self.stock.left
        part = least(
            splittable=self.splittable,
            smallest_part=self.smallest_part,
            left=left,
            unit=self.stock.unit,
        )
        return Carrying(self.load(left).carried_by, self.load(part).carried_by)

    def can_come_back(self, stock=None):
        """Whether there is a waiting list to join: all is reserved, but not all is collected.

        `stock` is the row that the caller has locked; by default the listing's own.
        """
        stock = stock or self.stock
        return (
            self.live
            and self.organisation.is_approved
            and stock.closed_at is None
            and stock.left <= 0
            and stock.reserved > 0
            and (self.available_until is None or self.available_until >= timezone.localdate())
        )

    def get_preview_template(self, request, mode_name):
        return "marketplace/listings/listing_detail.html"

    def get_preview_context(self, request, mode_name):
        return super().get_preview_context(request, mode_name) | self.page_context(request)

    def page_context(self, request):
        """What the listing's page shows: its view is `wiring.context_of` the listing."""
        raise NotImplementedError

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("description"),
        index.AutocompleteField("title"),
        index.FilterField("organisation_id"),
        index.FilterField("category_id"),
        index.FilterField("condition"),
        index.FilterField("live"),
    ]


class ListingPhoto(Photo):
    """A photo of a listing. The first one is the cover."""

    listing = ParentalKey(MaterialListing, on_delete=models.CASCADE, related_name="photos")

    class Meta(Photo.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
