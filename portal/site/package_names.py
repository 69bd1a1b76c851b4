"""Names in pages of packages that make them from the field's name, and so only in English."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.sites.views import IndexView
from wagtail_localize.models import LocaleSynchronization, LocaleSynchronizationModelForm

SITE_COLUMNS = {"site_name": capfirst(_("site name")), "root_page": capfirst(_("root page"))}

for column in IndexView.columns:
    if column.name in SITE_COLUMNS:
        column.label = SITE_COLUMNS[column.name]

LocaleSynchronization.edit_handler = ObjectList(
    [FieldPanel("sync_from", heading=_("Copy content from"))],
    base_form_class=LocaleSynchronizationModelForm,
)
