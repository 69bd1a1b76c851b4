"""How editors look after search in Wagtail's admin: words that mean the same, recommendations."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.contrib.search_promotions.views.settings import CreateView as PromotionView
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from portal.exports import SafeIndexView

from .models import Synonym


class SynonymCreateView(CreateView):
    """A new rule, begun with the words that the address names (`?rule=`)."""

    def get_initial(self):
        return super().get_initial() | {"rule": self.request.GET.get("rule", "")[:500]}


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "openquote"
    menu_label = _("Synonyms")
    menu_name = "synonyms"
    menu_order = 890
    add_to_settings_menu = True
    add_view_class = SynonymCreateView
    list_display = ["rule", BooleanColumn("active", label=_("In force")), "note"]
    list_filter = ["active"]
    list_per_page = 100
    # Looked up in the table itself: there are some hundred rules.
    search_fields = ["rule", "note"]
    search_backend_name = None
    index_view_class = SafeIndexView
    list_export = ["rule", "active", "note"]
    export_filename = "synonymer"
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "A rule is in force within a minute of being saved. Open the preview to see "
                    "what each question becomes."
                )
            ),
            FieldPanel("rule"),
            FieldPanel("active"),
            FieldPanel("note"),
        ]
    )


class RecommendView(PromotionView):
    """Wagtail's form for a promoted result, begun with the question that it is for (`?q=`)."""

    def get_initial(self):
        return super().get_initial() | {"query_string": self.request.GET.get("q", "")[:200]}
