"""Listings in the admin: their words, and how much there is."""

from functools import partial
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, UpdatedAtColumn

from marketplace.listings.models import MaterialListing
from marketplace.listings.states import state_of, with_reviews
from marketplace.materials.fields import QuantityField
from marketplace.materials.units import Unit
from marketplace.municipalities.models import Municipality
from marketplace.offers.services import set_stock
from marketplace.review.admin import ReviewedViewSet
from marketplace.review.errors import ExchangeError
from marketplace.safety.answers import QUESTIONS
from marketplace.translations.admin import TranslatableEditView
from portal.foundation import scopes
from portal.foundation.admin.paginators import NarrowPaginator
from portal.foundation.exports.views import ExportIndexView


def know_images(photos: list[Any]) -> None:
    """Read the images of all forms together, which their choosers would each ask for."""
    held = [form for form in photos if form.instance.image_id]
    prefetch_related_objects([form.instance for form in held], "image__renditions")
    for form in held:
        image, widget = form.instance.image, form.fields["image"].widget
        widget.get_instance = partial(known_or, image, widget.get_instance)


def known_or(image, ask, value):
    return image if value in (image.pk, str(image.pk)) else ask(value)


class ListingForm(WagtailAdminModelForm):
    """The words of a listing and, beside them, how much there is: that is not revisioned."""

    offered = QuantityField(label=_("Quantity offered"))
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    kg_per_unit = QuantityField(label=_("kg per unit"), decimal_places=4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stock = getattr(self.instance, "stock", None) if self.instance.pk else None
        if stock:
            for name in ("offered", "unit", "kg_per_unit"):
                self.fields[name].initial = getattr(stock, name)
        know_images(self.formsets["photos"].forms)

    def clean(self):
        cleaned = super().clean()
        stock = getattr(self.instance, "stock", None) if self.instance.pk else None
        offered = cleaned.get("offered")
        if stock and offered and offered < stock.reserved + stock.collected:
            self.add_error("offered", _("More than that has already been reserved or collected."))
        return cleaned

    def _post_clean(self):
        """Hold what the listing has become against the rules, once the fields are in it."""
        super()._post_clean()
        approved = self.data.get("workflow-action-name") == "approve"
        publishes = approved or "action-publish" in self.data
        if publishes and (obstacle := self.instance.obstacle_to_publishing()):
            self.add_error("preschool_ruling", obstacle)

    def save(self, commit=True):
        listing = super().save(commit=commit)
        if listing.pk:
            self.save_stock(listing)
        return listing

    def save_stock(self, listing):
        values = {name: self.cleaned_data[name] for name in ("offered", "unit", "kg_per_unit")}
        try:
            set_stock(listing=listing, **values)
        except ExchangeError as error:
            raise PermissionDenied(str(error)) from error


class CoverColumn(Column):
    """A small picture, so that a listing is known at a glance."""

    def get_value(self, instance):
        image = instance.cover
        if image is None:
            return ""
        rendition = image.get_rendition("fill-80x60|format-jpeg")
        return format_html(
            '<img src="{}" alt="" width="80" height="60" loading="lazy">', rendition.url
        )


class ListingFilterSet(WagtailFilterSet):
    municipality = django_filters.ModelChoiceFilter(
        field_name="organisation__municipality",
        queryset=Municipality.objects.all(),
        label=_("Municipality"),
    )

    class Meta:
        model = MaterialListing
        fields = ["live", "condition", "recurrence", "organisation__type", "organisation__trusted"]


class ListingIndexView(ExportIndexView):
    paginator_class = NarrowPaginator


class MaterialListingViewSet(ReviewedViewSet):
    model = MaterialListing
    icon = "pick"
    menu_label = _("Listings")
    menu_name = "listings"
    list_display = [
        "title",
        CoverColumn("cover", label=_("Cover")),
        "organisation",
        Column("municipality", label=_("Municipality"), accessor="municipality"),
        Column("state", label=_("State"), accessor=lambda listing: state_of(listing).label),
        Column("stock", label=_("Left"), accessor="stock"),
        Column("available_until", label=_("Until"), accessor="available_until"),
        UpdatedAtColumn(),
    ]
    list_per_page = 30
    index_view_class = ListingIndexView
    edit_view_class = TranslatableEditView
    list_export = [
        "pk",
        "title",
        "organisation",
        "municipality",
        "category",
        "condition",
        "stock.offered",
        "stock.reserved",
        "stock.collected",
        "stock.unit",
        "stock.kg_per_unit",
        "available_until",
        "live",
    ]
    export_filename = "annonser"
    export_headings = {
        "pk": _("Number"),
        "municipality": _("Municipality"),
        "stock.offered": _("Offered"),
        "stock.reserved": _("Reserved"),
        "stock.collected": _("Collected"),
        "stock.unit": _("Unit"),
        "stock.kg_per_unit": _("Kg per unit"),
    }
    filterset_class = ListingFilterSet
    search_fields = ["title", "description", "organisation__name"]
    search_backend_name = None
    inspect_view_enabled = True
    base_form_class = ListingForm
    panels = [
        FieldPanel("title"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("category"), FieldPanel("condition")]),
        FieldPanel("tags", help_text=_("Words that lesson ideas and articles share.")),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("offered"), FieldPanel("unit"), FieldPanel("kg_per_unit")]
                ),
                FieldRowPanel([FieldPanel("splittable"), FieldPanel("smallest_part")]),
                FieldPanel("carry_class"),
            ],
            _("How much (counts at once, without review)"),
        ),
        InlinePanel("photos", label=_("Photo"), max_num=MaterialListing.MAX_PHOTOS),
        MultiFieldPanel(
            [
                *[FieldPanel(name) for name in QUESTIONS],
                FieldRowPanel([FieldPanel("sharp_edges"), FieldPanel("suitable_from_age")]),
                FieldPanel("safety_note"),
                FieldPanel("preschool_ruling"),
            ],
            _("Who it is safe for"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("colours"), FieldPanel("dimensions")])],
            _("Look and colours"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("organisation"),
                FieldRowPanel([FieldPanel("available_from"), FieldPanel("available_until")]),
                FieldPanel("pickup_address"),
                FieldRowPanel([FieldPanel("pickup_postcode"), FieldPanel("pickup_town")]),
                FieldPanel("pickup_hours"),
                FieldRowPanel([FieldPanel("delivery_offered"), FieldPanel("recurrence")]),
                FieldPanel("contact_name"),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
            ],
            _("Where and when"),
        ),
    ]

    def get_edit_handler(self):
        handler = ObjectList(self.panels, base_form_class=ListingForm)
        return handler.bind_to_model(self.model)

    def get_queryset(self, request):
        return with_reviews(scopes.listed(MaterialListing.objects.for_cards(), request.user))
