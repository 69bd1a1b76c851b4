"""The answers to one form, as Wagtail lists and exports them."""

from wagtail.contrib.forms.views import SubmissionsListView

from inspiration.forms.models import FormPage
from portal.foundation.exports.views import ExportMixin


class AnswersView(ExportMixin, SubmissionsListView):
    """Anybody may have written them."""

    def to_row_dict(self, item):
        data = item.get_data()
        return {key: data.get(key) for key in self.list_export}


FormPage.submissions_list_view_class = AnswersView
