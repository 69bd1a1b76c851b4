"""Categories, climate factors and tags in the admin."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column

from marketplace.materials.category_list import CategoryIndexView
from marketplace.materials.models import ClimateFactor, MaterialCategory
from portal.foundation.admin.columns import YesNoColumn
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView


class MaterialCategoryViewSet(ScopedViewSet):
    model = MaterialCategory
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    menu_name = "categories"
    list_display = [
        "name",
        "slug",
        # Not sorted by: what has been searched can be by the row's own values only.
        Column("parent", label=capfirst(MaterialCategory._meta.get_field("parent").verbose_name)),
        Column("locale", label=_("Language"), accessor="locale"),
    ]
    list_filter = ["parent"]
    index_view_class = CategoryIndexView
    list_export = ["name", "slug", "parent", "locale"]
    export_filename = "kategorier"
    # Originals first, then their translations.
    ordering = ["locale_id", "name"]
    list_per_page = 100

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent", "locale")


class ClimateFactorViewSet(ScopedViewSet):
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
        YesNoColumn("verified", label=_("checked against the source")),
        "valid_from",
    ]
    list_filter = ["verified", "source_year"]
    index_view_class = ExportIndexView
    list_export = [
        "category",
        "kgco2e_per_kg",
        "sek_per_kg",
        "source",
        "source_year",
        "verified",
        "valid_from",
        "note",
    ]
    search_fields = ["category__name", "source"]
    search_backend_name = None
    list_per_page = 100

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("category")


class TagViewSet(ScopedViewSet):
    model = Tag
    icon = "tag"
    menu_label = _("Tags")
    menu_name = "tags"
    list_display = ["name", "slug"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel("name"), FieldPanel("slug")]
