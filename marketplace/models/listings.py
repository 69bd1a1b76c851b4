from math import cos, radians

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Cast, Sqrt
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.models import (
    Orderable,
    WorkflowState,
)
from wagtail.search import index

from .categories import translated_name
from .organisations import OfOrganisationQuerySet
from .reviewed import Reviewed

# The last part of addresses below /material/<id>/ that are not the listing itself.
RESERVED_SLUGS = {"andra", "avsluta", "boka", "igen", "ko", "oppna"}

KM_PER_DEGREE = 111.2


class MaterialListingQuerySet(OfOrganisationQuerySet):
    def published(self):
        return self.filter(live=True)

    def in_time(self, day=None):
        """Not yet past the last day. A listing whose first day lies ahead counts as in time."""
        day = day or timezone.localdate()
        return self.filter(Q(available_until=None) | Q(available_until__gte=day))

    def available(self, day=None):
        """What can be asked for: published, open, in time, from an approved giver, some left."""
        return (
            self.published()
            .in_time(day)
            .filter(
                organisation__approval="approved",
                stock__closed_at=None,
                stock__offered__gt=F("stock__reserved") + F("stock__collected"),
            )
        )

    def archived(self, day=None):
        """Published once, but closed, past the last day, or with nothing left."""
        day = day or timezone.localdate()
        return self.filter(first_published_at__isnull=False).filter(
            Q(live=False)
            | Q(available_until__lt=day)
            | Q(stock__closed_at__isnull=False)
            | Q(stock__offered__lte=F("stock__collected"))
        )

    def changes_requested(self):
        """Those that an editor has asked the giver to change."""
        reviews = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(MaterialListing),
            status=WorkflowState.STATUS_NEEDS_CHANGES,
        ).annotate(listing_pk=Cast("object_id", models.BigIntegerField()))
        return self.filter(pk__in=reviews.values("listing_pk"))

    def newest(self):
        return self.order_by("-first_published_at", "-pk")

    def nearest_to(self, position):
        """In order of `distance_km` from (latitude, longitude), as on a plane: good enough here."""
        latitude, longitude = map(float, position)
        own = Q(organisation__latitude__isnull=False, organisation__longitude__isnull=False)

        def degrees(name):
            return Case(
                When(own, then=Cast(F(f"organisation__{name}"), models.FloatField())),
                default=Cast(F(f"organisation__municipality__{name}"), models.FloatField()),
            )

        north = (degrees("latitude") - latitude) * KM_PER_DEGREE
        east = (degrees("longitude") - longitude) * (KM_PER_DEGREE * cos(radians(latitude)))
        return self.annotate(
            distance_km=Sqrt(north * north + east * east, output_field=models.FloatField())
        ).order_by("distance_km", "-first_published_at", "-pk")

    def for_cards(self):
        """Everything that a list of cards shows, in a constant number of queries."""
        return (
            self.select_related("organisation__municipality", "category__parent", "stock")
            .prefetch_related("photos__image__renditions")
            .annotate(category_name=translated_name("category__"))
        )


class ListingTag(ItemBase):
    """A word from the vocabulary that listings, lesson ideas and articles share."""

    tag = models.ForeignKey("taggit.Tag", related_name="listing_tags", on_delete=models.CASCADE)
    content_object = ParentalKey(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="tagged_items"
    )


class MaterialListing(Reviewed):
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

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="listings",
    )
    answers_ad = models.ForeignKey(
        "marketplace.WantedAd",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The wanted ad that this draft answers once it is sent.",
    )
    created_by = models.ForeignKey(
        "portal.User",
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
    small_parts = models.BooleanField(_("small parts"), default=False)
    sharp_edges = models.BooleanField(_("sharp edges"), default=False)
    treated = models.BooleanField(_("painted or treated"), default=False)
    suitable_from_age = models.PositiveSmallIntegerField(
        _("suitable from age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(18)],
    )
    safety_note = models.CharField(_("safety remark"), max_length=300, blank=True)
    colours = models.CharField(_("colours"), max_length=120, blank=True)
    dimensions = models.CharField(
        _("dimensions"), max_length=120, blank=True, help_text=_("Such as 60 × 40 cm, 2 mm thick.")
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    pickup_address = models.CharField(_("pickup address"), max_length=160, blank=True)
    pickup_postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    pickup_town = models.CharField(_("town"), max_length=60, blank=True)
    pickup_hours = models.CharField(
        _("pickup times"), max_length=200, blank=True, help_text=_("Such as weekdays 7–15.")
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
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MaterialListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(available_until=None)
                | Q(available_from=None)
                | Q(available_until__gte=F("available_from")),
                name="listing_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(smallest_part=None) | Q(smallest_part__gt=0),
                name="listing_smallest_part_positive",
                violation_error_message=_("The smallest part must be more than zero."),
            ),
        ]

    def __str__(self):
        return self.title

    # What its giver writes, and a copy takes over.
    WRITTEN = (
        "title",
        "description",
        "category",
        "condition",
        "small_parts",
        "sharp_edges",
        "treated",
        "suitable_from_age",
        "safety_note",
        "colours",
        "dimensions",
        "pickup_address",
        "pickup_postcode",
        "pickup_town",
        "pickup_hours",
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
    def slug(self):
        slug = slugify(self.title) or "material"
        return f"{slug}-material" if slug in RESERVED_SLUGS else slug

    def get_absolute_url(self):
        return reverse("marketplace:listing", kwargs={"pk": self.pk, "slug": self.slug})

    @property
    def municipality(self):
        return self.organisation.municipality

    @property
    def cover(self):
        """The first photo's image, or None."""
        photos = sorted(self.photos.all(), key=lambda photo: photo.sort_order or 0)
        return photos[0].image if photos else None

    @property
    def is_available(self):
        """Whether somebody can ask for it now; the same rule as `available()`."""
        return (
            self.live
            and self.organisation.is_approved
            and self.stock.closed_at is None
            and self.stock.left > 0
            and (self.available_until is None or self.available_until >= timezone.localdate())
        )

    def get_preview_template(self, request, mode_name):
        return "marketplace/listing_detail.html"

    def get_preview_context(self, request, mode_name):
        from marketplace.views.listing import listing_context

        return super().get_preview_context(request, mode_name) | listing_context(request, self)

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("description"),
        index.AutocompleteField("title"),
        index.FilterField("organisation_id"),
        index.FilterField("category_id"),
        index.FilterField("condition"),
        index.FilterField("live"),
    ]


class ListingPhoto(Orderable):
    """A photo of a listing. The first one is the cover."""

    listing = ParentalKey(MaterialListing, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(
        "portal.CustomImage", on_delete=models.CASCADE, related_name="+", verbose_name=_("image")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self):
        return self.image.alt_text
