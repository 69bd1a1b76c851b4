"""How the exchange is looked after in Wagtail's admin: lists, filters, forms."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from marketplace import services
from marketplace.errors import ExchangeError
from marketplace.forms.fields import QuantityField
from marketplace.models import (
    ClimateFactor,
    Collaboration,
    Idea,
    MaterialCategory,
    MaterialListing,
    Municipality,
    Organisation,
    Unit,
    WantedAd,
)
from marketplace.permissions import municipalities_for
from marketplace.scoping import MunicipalViewSet, elsewhere, within
from marketplace.states import state_of, with_reviews
from portal.exports import SafeIndexView


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

    def clean(self):
        cleaned = super().clean()
        stock = getattr(self.instance, "stock", None) if self.instance.pk else None
        offered = cleaned.get("offered")
        if stock and offered and offered < stock.reserved + stock.collected:
            self.add_error("offered", _("More than that is promised or collected already."))
        return cleaned

    def save(self, commit=True):
        listing = super().save(commit=commit)
        if listing.pk:
            self.save_stock(listing)
        return listing

    def save_stock(self, listing):
        values = {name: self.cleaned_data[name] for name in ("offered", "unit", "kg_per_unit")}
        try:
            services.set_stock(listing=listing, **values)
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
        fields = ["live", "condition", "recurrence", "organisation__kind", "organisation__trusted"]


class MaterialListingViewSet(SnippetViewSet):
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
    index_view_class = SafeIndexView
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
            ],
            _("How much (counts at once, without review)"),
        ),
        InlinePanel("photos", label=_("Photo"), max_num=MaterialListing.MAX_PHOTOS),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("small_parts"), FieldPanel("sharp_edges"), FieldPanel("treated")]
                ),
                FieldPanel("suitable_from_age"),
                FieldPanel("safety_note"),
                FieldRowPanel([FieldPanel("colours"), FieldPanel("dimensions")]),
            ],
            _("Safety and looks"),
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
        return with_reviews(MaterialListing.objects.for_cards())


class WantedAdFilterSet(WagtailFilterSet):
    category = django_filters.ModelChoiceFilter(
        queryset=lambda request: MaterialCategory.objects.source(), label=_("Category")
    )

    class Meta:
        model = WantedAd
        fields = ["live", "category"]


class WantedAdViewSet(SnippetViewSet):
    model = WantedAd
    icon = "help"
    menu_label = _("Wanted ads")
    menu_name = "wanted-ads"
    list_display = ["title", "organisation", "category", "wanted_until", "live"]
    filterset_class = WantedAdFilterSet
    search_fields = ["title", "description", "organisation__name"]
    search_backend_name = None
    inspect_view_enabled = True

    def get_queryset(self, request):
        return WantedAd.objects.for_cards()


class IdeaViewSet(SnippetViewSet):
    """Ideas that a teacher has let through. The others are the school's own."""

    model = Idea
    icon = "pick"
    menu_label = _("Pupils' ideas")
    menu_name = "ideas"
    list_display = [
        "title",
        "kind",
        Column("school", label=_("School"), accessor="handover.receiver"),
        Column("company", label=_("Company"), accessor="handover.giver"),
        BooleanColumn("live", label=_("Published"), accessor="live"),
        BooleanColumn("story", label=_("Story begun"), accessor="progress.story_begun_at"),
    ]
    list_filter = ["kind", "age_group", "live"]
    search_fields = ["title", "text"]
    search_backend_name = None
    inspect_view_enabled = True

    def get_queryset(self, request):
        return Idea.objects.approved().for_cards()


class OrganisationViewSet(MunicipalViewSet):
    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    menu_name = "organisations"
    list_display = [
        "name",
        "kind",
        "municipality",
        "approval",
        BooleanColumn("trusted", label=_("Trusted"), accessor="trusted"),
        "created_at",
    ]
    list_filter = ["kind", "municipality", "approval", "trusted"]
    index_view_class = SafeIndexView
    list_export = [
        "name",
        "kind",
        "org_number",
        "school_unit_code",
        "municipality",
        "approval",
        "trusted",
        "created_at",
    ]
    export_filename = "organisationer"
    search_fields = ["name", "org_number", "school_unit_code"]
    search_backend_name = None
    inspect_view_enabled = True
    # What it was merged into can be in another municipality.
    inspect_view_fields_exclude = ["merged_into", "approval_note"]
    list_per_page = 50
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="marketplace/admin/approval_panel.html"),
                    FieldPanel("trusted"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("municipality")]),
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("org_number"), FieldPanel("school_unit_code")]),
                    FieldPanel("website"),
                ],
                heading=_("Approval"),
            ),
            ObjectList(
                [
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("postcode"), FieldPanel("town")]),
                    FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                    FieldPanel("contact_name"),
                    FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                ],
                heading=_("Place and contact"),
            ),
        ]
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


class CollaborationIndexView(SafeIndexView):
    """Those of the own municipality. An end that is in another one has no name, and no links."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = context["object_list"]
        keys = within(Collaboration.objects.all(), self.request.user).values_list("pk", flat=True)
        self.open = set(keys.filter(pk__in=[each.pk for each in rows]))
        own = municipalities_for(self.request.user)
        own = None if own is None else set(own.values_list("pk", flat=True))
        for row in rows:
            if row.pk not in self.open:
                row.company = self.shown(row.company, own)
                row.partner = self.shown(row.partner, own)
        return context

    def shown(self, organisation, own):
        if organisation.municipality_id in own:
            return organisation
        place = organisation.municipality
        return Organisation(name=elsewhere(place), municipality=place)

    def get_edit_url(self, instance):
        return super().get_edit_url(instance) if instance.pk in self.open else None

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if instance.pk in self.open else None

    def get_list_buttons(self, instance):
        return super().get_list_buttons(instance) if instance.pk in self.open else []


class CollaborationViewSet(MunicipalViewSet):
    model = Collaboration
    index_view_class = CollaborationIndexView
    icon = "link"
    menu_label = _("Collaborations")
    menu_name = "collaborations"
    list_display = ["company", "partner", "kind", "started_on"]
    list_filter = ["kind"]
    panels = [
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("company"), FieldPanel("partner")]),
        FieldRowPanel([FieldPanel("started_on"), FieldPanel("ended_on")]),
        FieldPanel("note"),
    ]

    def get_queryset(self, request):
        sides = ("company__municipality", "partner__municipality")
        return super().get_queryset(request).select_related(*sides)


class MunicipalityViewSet(SnippetViewSet):
    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    menu_name = "municipalities"
    list_display = ["name", "code", "population"]


class MaterialCategoryViewSet(SnippetViewSet):
    model = MaterialCategory
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    menu_name = "categories"
    list_display = [
        "name",
        "slug",
        "parent",
        Column("locale", label=_("Language"), accessor="locale"),
    ]
    list_filter = ["parent"]
    # The rows that material is sorted by come first, then those that name them elsewhere.
    ordering = ["locale_id", "name"]
    list_per_page = 100

    def get_queryset(self, request):
        return MaterialCategory.objects.select_related("parent", "locale")


class ClimateFactorViewSet(SnippetViewSet):
    model = ClimateFactor
    icon = "globe"
    menu_label = _("Climate factors")
    menu_name = "climate-factors"
    list_display = [
        "category",
        "kgco2e_per_kg",
        "sek_per_kg",
        "source",
        "source_year",
        "verified",
        "valid_from",
    ]
    list_filter = ["verified", "source_year"]
    index_view_class = SafeIndexView
    list_export = [*list_display, "note"]
    search_fields = ["category__name", "source"]
    search_backend_name = None
    list_per_page = 100

    def get_queryset(self, request):
        return ClimateFactor.objects.select_related("category")


class TagViewSet(SnippetViewSet):
    model = Tag
    icon = "tag"
    menu_label = _("Tags")
    menu_name = "tags"
    list_display = ["name", "slug"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel("name"), FieldPanel("slug")]


class ReviewGroup(SnippetViewSetGroup):
    """What editors look at each morning."""

    menu_label = _("Exchange")
    menu_icon = "pick"
    menu_name = "exchange"
    menu_order = 110
    items = (MaterialListingViewSet, WantedAdViewSet, IdeaViewSet)


class PartnersGroup(SnippetViewSetGroup):
    """Who takes part."""

    menu_label = _("Partners")
    menu_icon = "group"
    menu_name = "partners"
    menu_order = 120
    items = (OrganisationViewSet, CollaborationViewSet, MunicipalityViewSet)


class VocabularyGroup(SnippetViewSetGroup):
    """What changes seldom."""

    menu_label = _("Material and factors")
    menu_icon = "folder-open-inverse"
    menu_name = "vocabulary"
    menu_order = 400
    items = (MaterialCategoryViewSet, ClimateFactorViewSet, TagViewSet)
