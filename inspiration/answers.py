"""The answers to one form, as Wagtail lists and exports them."""

from wagtail.contrib.forms.views import SubmissionsListView

from portal.exports import SafeExport


class AnswersView(SafeExport, SubmissionsListView):
    """Anybody may have written them."""
