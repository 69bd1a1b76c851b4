"""Snippets in the admin, of which everybody sees the rows of their scope."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BaseModelForm, ModelChoiceField
from modelcluster.queryset import FakeQuerySet
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from portal.foundation import scopes
from portal.foundation.admin.usage import SnippetUsage
from portal.foundation.pages.choosers import KnownInstance

if TYPE_CHECKING:
    Base: TypeAlias = ChooseView
    FormBase: TypeAlias = BaseModelForm
else:
    Base = FormBase = object


class ScopedChoices(Base):
    """For the views of a chooser: offer, and answer about, the rows of the scope only."""

    def get_object_list(self):
        return scopes.chosen(super().get_object_list(), self.request.user)

    def get_object(self, pk):
        return scopes.chosen(self.model_class.objects.all(), self.request.user).get(pk=pk)

    def get_objects(self, pks):
        return scopes.chosen(super().get_objects(pks), self.request.user)


class ScopedChooseView(ScopedChoices, ChooseView):
    pass


class ScopedChooseResultsView(ScopedChoices, ChooseResultsView):
    pass


class ScopedChosenView(ScopedChoices, SnippetChosenView):
    pass


class ScopedChosenMultipleView(ScopedChoices, SnippetChosenMultipleView):
    pass


class KnownChooser(KnownInstance, AdminSnippetChooser):
    pass


class ScopedChooserViewSet(SnippetChooserViewSet):
    base_widget_class = KnownChooser
    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
    chosen_view_class = ScopedChosenView
    chosen_multiple_view_class = ScopedChosenMultipleView


class ScopedForm(FormBase):
    """For the form of a row: it takes the rows that its choosers offer, and what it holds already.

    A chooser only hides the others; what is sent is a number.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.limited = []
        user = getattr(self, "for_user", None)
        for name, field in self.fields.items():
            if user and isinstance(field, ModelChoiceField) and has_scope(field):
                self.limit(name, field, user)

    def limit(self, name: str, field: ModelChoiceField, user) -> None:
        """Leave in `field` what `user` may choose, and what the row holds."""
        rows: Any = field.queryset
        offered = scopes.chosen(rows.model._default_manager.all(), user)
        held = self.get_initial_for_field(field, name)
        # What a page or snippet with parental keys holds is a queryset without a database.
        held = held if isinstance(held, list | QuerySet | FakeQuerySet) else [held]
        keys = [getattr(each, "pk", each) for each in held if each is not None]
        field.queryset = rows.filter(Q(pk__in=offered.order_by().values("pk")) | Q(pk__in=keys))
        self.limited.append(name)

    def full_clean(self):
        super().full_clean()
        for name in self.limited:
            if name in self.errors and not self.offers(name):
                # The chooser would show what it is called.
                data: Any = self.data
                self.data = data = data.copy()
                data[self.add_prefix(name)] = ""

    def offers(self, name: str) -> bool:
        """Whether the row that was sent for `name` is one to choose."""
        try:
            self.fields[name].to_python(self[name].data)
        except ValidationError:
            return False
        return True


def has_scope(field: ModelChoiceField) -> bool:
    return field.queryset is not None and scopes.has_scope(field.queryset.model)


class ScopedViewSet(SnippetViewSet):
    """A snippet's admin. Pages of one row are guarded by `portal.site.scoped_admin`."""

    chooser_viewset_class = ScopedChooserViewSet
    usage_view_class = SnippetUsage

    def get_form_class(self, for_update=False):
        form_class = super().get_form_class(for_update)
        return type(form_class)(form_class.__name__, (ScopedForm, form_class), {})

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if rows is None:
            rows = self.model._default_manager.all()
        return scopes.listed(rows, request.user)
