"""How editors look after search in Wagtail's admin: words that mean the same, recommendations."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import CreateView

from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView
from search.synonyms.models import Synonym


class SynonymCreateView(CreateView):
    """The form for a new rule, filled in from the URL (`?rule=`)."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"rule": self.request.GET.get("rule", "")[:500]}


class SynonymViewSet(ScopedViewSet):
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
    index_view_class = ExportIndexView
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
