"""Columns of the admin's lists."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column


class YesNoColumn(Column):
    """A boolean in the reader's language, where Wagtail writes “True”."""

    def __init__(self, name, *, label):
        super().__init__(name, label=capfirst(label), sort_key=name)

    def get_value(self, instance):
        return _("Yes") if super().get_value(instance) else _("No")
