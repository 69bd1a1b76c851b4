"""Names in pages of packages that make them from the field's name, and so only in English."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.workflows import WorkflowPagesFormSet
from wagtail.sites.views import IndexView
from wagtail_localize.models import LocaleSynchronization, LocaleSynchronizationModelForm

SITE_COLUMNS = {"site_name": capfirst(_("site name")), "root_page": capfirst(_("root page"))}

for column in IndexView.columns:
    if column.name in SITE_COLUMNS:
        column.label = SITE_COLUMNS[column.name]

WorkflowPagesFormSet.form.base_fields["page"].label = _("Page")


class SynchronizationForm(LocaleSynchronizationModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "sync_from" in self.fields:
            self.fields["sync_from"].label = _("Copy content from")


LocaleSynchronization.base_form_class = SynchronizationForm
