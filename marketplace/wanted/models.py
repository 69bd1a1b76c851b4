"""Wanted ads: what a school looks for, and the answers it gets."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from marketplace.materials.units import Unit, format_quantity
from marketplace.organisations.models import OfOrganisationQuerySet
from marketplace.review.models import Reviewed
from marketplace.translations.source import InOtherLanguages, in_readers_language


class WantedAdQuerySet(OfOrganisationQuerySet):
    def published(self):
        return self.filter(live=True)

    def open(self, day=None):
        """Published and within its time. A school that has found what it needs unpublishes."""
        day = day or timezone.localdate()
        return self.published().filter(Q(wanted_until=None) | Q(wanted_until__gte=day))

    def for_cards(self):
        return self.select_related(
            "organisation__municipality", "category__parent"
        ).prefetch_related(*in_readers_language())


class WantedAdTag(ItemBase):
    """A word from the vocabulary that wanted ads share with listings and lesson ideas."""

    tag = models.ForeignKey("taggit.Tag", related_name="wanted_ad_tags", on_delete=models.CASCADE)
    content_object = ParentalKey(
        "marketplace.WantedAd", on_delete=models.CASCADE, related_name="tagged_items"
    )


class WantedAd(InOtherLanguages, Reviewed):
    """What a school, preschool or municipal service needs, for companies to answer."""

    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="wanted_ads",
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
    title = models.CharField(_("what you are looking for"), max_length=120)
    description = models.TextField(
        _("what you need it for"),
        max_length=2000,
        help_text=_("Say what you will do with it. Companies are happier to give when they know."),
    )
    category = models.ForeignKey(
        "marketplace.MaterialCategory",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="wanted_ads",
    )
    tags = ClusterTaggableManager(
        through=WantedAdTag, blank=True, verbose_name=_("tags"), related_name="wanted_ads"
    )
    quantity = models.DecimalField(
        _("about how much"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.PIECE)
    wanted_until = models.DateField(_("until when"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = WantedAdQuerySet.as_manager()

    class Meta:
        verbose_name = _("wanted ad")
        verbose_name_plural = _("wanted ads")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0),
                name="wanted_quantity_positive",
                violation_error_message=_("The quantity must be more than zero."),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def slug(self):
        return slugify(self.title) or "efterlysning"

    @property
    def is_open(self):
        return self.live and (
            self.wanted_until is None or self.wanted_until >= timezone.localdate()
        )

    @property
    def amount(self):
        """The quantity as people say it, or an empty string when none was given."""
        return format_quantity(self.quantity, self.unit) if self.quantity else ""

    def get_absolute_url(self):
        return reverse("marketplace:wanted_ad", kwargs={"pk": self.pk, "slug": self.slug})

    def get_preview_template(self, request, mode_name):
        return "marketplace/wanted/wanted_detail.html"

    def get_preview_context(self, request, mode_name):
        return super().get_preview_context(request, mode_name) | {"wanted_ad": self}

    panels = [
        FieldPanel("title"),
        FieldPanel("description"),
        FieldPanel("category"),
        FieldPanel("tags"),
        FieldRowPanel([FieldPanel("quantity"), FieldPanel("unit"), FieldPanel("wanted_until")]),
        FieldPanel("organisation"),
    ]
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("description"),
        index.AutocompleteField("title"),
        index.FilterField("live"),
        index.FilterField("organisation_id"),
        index.FilterField("category_id"),
    ]


class WantedAnswer(models.Model):
    """A company's answer: a message, a listing that fits, or both."""

    wanted_ad = models.ForeignKey(WantedAd, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    text = models.TextField(_("message"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer to a wanted ad")
        verbose_name_plural = _("answers to wanted ads")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(listing__isnull=False),
                name="wanted_answer_says_something",
                violation_error_message=_("Write a message or choose a listing."),
            )
        ]

    def __str__(self):
        return f"{self.organisation}: {self.wanted_ad}"
