"""Choosing handovers for a story, by who gave and who took."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from marketplace.models import Handover
from marketplace.permissions import municipalities_for


class OwnHandovers:
    """Rows of the ledger that still hold; for a coordinator those of the own municipality."""

    def get_object_list(self):
        handovers = Handover.objects.standing().select_related("giver", "receiver", "category")
        own = municipalities_for(self.request.user)
        return handovers if own is None else handovers.touching(own)

    @property
    def columns(self):
        return [
            self.title_column,
            Column("receiver", label=_("Receiver"), accessor="receiver"),
            Column("category", label=_("Category"), accessor="category"),
            Column("mass_kg", label=_("kg"), accessor="mass_kg"),
        ]


class ChooseHandover(OwnHandovers, ChooseView):
    pass


class ChooseHandoverResults(OwnHandovers, ChooseResultsView):
    pass


class HandoverChooserViewSet(ChooserViewSet):
    model = Handover
    icon = "tasks"
    choose_one_text = _("Choose a handover")
    choose_another_text = _("Choose another handover")
    choose_view_class = ChooseHandover
    choose_results_view_class = ChooseHandoverResults


handover_chooser_viewset = HandoverChooserViewSet("handover_chooser")
