"""How editors look after intentions in Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn

from inspiration.lessons.curriculum import AgeGroup, Subject
from marketplace.materials.models import MaterialCategory
from marketplace.materials.properties import Property
from portal.foundation.admin.scoped import ScopedViewSet
from portal.foundation.exports.views import ExportIndexView
from portal.foundation.form_fields import TickBoxes
from search.intentions.models import Intention


def category_choices() -> list[tuple[str, str]]:
    """The categories by their slugs, those below others indented."""
    below: dict[str | None, list] = {}
    rows = MaterialCategory.objects.source().values_list("slug", "name", "parent__slug")
    for slug, name, parent in rows:
        below.setdefault(parent, []).append((slug, name))

    def branch(parent: str | None, depth: int) -> Iterator[tuple[str, str]]:
        for slug, name in below.get(parent, ()):
            yield slug, f"{'– ' * depth}{name}"
            yield from branch(slug, depth + 1)

    return list(branch(None, 0))


class IntentionForm(WagtailAdminModelForm):
    """Lists to choose from for what is kept as lists of codes."""

    best_categories = forms.MultipleChoiceField(
        label=_("fits best"), choices=category_choices, required=False
    )
    categories = forms.MultipleChoiceField(
        label=_("fits too"), choices=category_choices, required=False
    )
    properties = TickBoxes(label=_("has all of these properties"), choices=Property.choices)
    age_groups = TickBoxes(label=_("age groups"), choices=AgeGroup.choices)
    subjects = TickBoxes(label=_("subjects"), choices=Subject.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("best_categories", "categories"):
            if name in self.fields:
                self.fields[name].widget.attrs["size"] = 12


class IntentionViewSet(ScopedViewSet):
    model = Intention
    icon = "pick"
    menu_label = _("Intentions")
    menu_name = "intentions"
    menu_order = 891
    add_to_settings_menu = True
    list_display = [
        "phrases",
        "type",
        "words",
        BooleanColumn("active", label=_("In force")),
    ]
    list_filter = ["type", "active"]
    list_per_page = 100
    # Looked up in the table itself: there are some hundred rows.
    search_fields = ["phrases", "words", "note"]
    search_backend_name = None
    index_view_class = ExportIndexView
    list_export = ["phrases", "type", "best_categories", "categories", "properties", "words"]
    export_filename = "avsikter"
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "Anybody who searches for one of the phrases finds lesson ideas that "
                    "mention it, then material of the categories, properties and words "
                    "chosen here. In force within a minute of being saved."
                )
            ),
            FieldPanel("phrases"),
            FieldRowPanel([FieldPanel("type"), FieldPanel("active")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("best_categories"), FieldPanel("categories")]),
                    FieldPanel("properties"),
                    FieldPanel("words"),
                ],
                heading=_("Material that fits"),
            ),
            MultiFieldPanel(
                [FieldPanel("age_groups"), FieldPanel("subjects")],
                heading=_("Lesson ideas that come first"),
            ),
            FieldPanel("note"),
        ],
        base_form_class=IntentionForm,
    )
