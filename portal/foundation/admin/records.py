"""Model admins for records that nobody edits: listed, inspected and exported."""

from functools import cache

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, unquote
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from wagtail.admin.staticfiles import versioned_static
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from portal.foundation.admin.paginators import NarrowPaginator
from portal.foundation.exports.sheets import field_value
from portal.foundation.exports.views import ExportMixin


class ReadOnly(PermissionHelper):
    """Look, do not touch."""

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False

    def user_can_list(self, user):
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user, obj):
        return self.inspect_view_enabled and self.user_can_list(user)


class RecordIndexView(ExportMixin, IndexView):
    """A list that can be asked by its own filters only.

    modeladmin takes any `?field__lookup=` of the address for a filter, and so lets its reader
    guess at what the list does not show.
    """

    paginator_class = NarrowPaginator

    @property
    def export_totals(self):
        return getattr(self.model_admin, "export_totals", ())

    def get_heading(self, queryset, field):
        """The heading of a column of an export, as the list has it."""
        if heading := self.export_headings.get(field):
            return str(heading)
        label = label_for_field(field, model=self.model, model_admin=self.model_admin)
        return capfirst(str(label))

    def to_row_dict(self, item):
        return {name: self.exported(item, name) for name in self.list_export}

    def exported(self, item, name):
        """What a column of an export says of `item`: the list's own words where it has any."""
        if name not in ("pk", "id") and callable(shown := getattr(self.model_admin, name, None)):
            return shown(item)
        return field_value(item, name)

    def dispatch(self, request, *args, **kwargs):
        """The list; without filters where one is given what cannot be, as in Django's own admin."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(request.path)

    @cached_property
    def is_asked_by_name(self):
        return bool(self.query) or self.ORDER_VAR in self.params

    @cached_property
    def all_rows(self):
        """All there is to list, without names where none is searched or sorted by: they are joins,
        and all rows are counted.
        """
        rows = self.model_admin.rows(self.request)
        count = cache(rows.count)
        if self.is_asked_by_name:
            rows = self.model_admin.named(rows, self.request.user)
        rows.count = count
        return rows

    @cached_property
    def found_rows(self):
        """The rows that are asked for, which modeladmin looks for twice and counts three times."""
        rows = super().get_queryset(self.request)
        is_narrowed = self.query or self.get_filters_params()
        count = cache(rows.count) if is_narrowed else self.all_rows.count
        if not self.is_asked_by_name:
            rows = self.model_admin.named(rows, self.request.user)
        rows.count = count
        return rows

    def get_base_queryset(self, request=None):
        return self.all_rows

    def get_queryset(self, request=None):
        return self.found_rows

    def get_filters(self, request):
        specs, has_filters, _others, distinct = super().get_filters(request)
        return specs, has_filters, {}, distinct


class RecordInspectView(InspectView):
    """One row, read in the same words as in the list."""

    def dispatch(self, request, *args, **kwargs):
        rows = self.model_admin.get_queryset(request)
        self.instance = get_object_or_404(rows, pk=self.instance_pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.model_admin.title(self.instance)

    def get_field_label(self, field_name, field=None):
        return label_for_field(field_name, model=self.model, model_admin=self.model_admin)

    def get_field_display_value(self, field_name, field=None):
        shown = getattr(self.model_admin, field_name, None)
        if shown is not None:
            return shown(self.instance)
        return super().get_field_display_value(field_name, field)


class Records(ModelAdmin):
    """Rows to look at, filter and export."""

    permission_helper_class = ReadOnly
    index_view_class = RecordIndexView
    inspect_view_class = RecordInspectView
    inspect_view_enabled = True
    # Nobody changes a record, so there is no history; modeladmin would show it to all staff.
    history_view_enabled = False
    list_per_page = 50

    def get_index_view_extra_css(self):
        return [versioned_static("portal/css/admin-records.css")]

    def rows(self, request):
        """All rows that the reader may see."""
        return super().get_queryset(request)

    def named(self, rows, user):
        """`rows` with the names that `user` may read, where the list shows any."""
        return rows

    def get_queryset(self, request):
        return self.named(self.rows(request), request.user)

    def title(self, row):
        """What one row is called at the head of its page."""
        return str(row)

    def inspect_view(self, request, instance_pk):
        if not unquote(instance_pk).isdecimal():
            raise Http404
        return super().inspect_view(request, instance_pk)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """A log: nobody adds, changes or removes its rows by hand."""

    def user_has_permission(self, user, action):
        return action in ("view", "inspect") and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)
