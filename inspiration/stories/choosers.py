"""Choosing handovers for a story, by who gave and who took."""

from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from marketplace.exchange.handovers.models import Handover
from portal.foundation import scopes

if TYPE_CHECKING:
    Base: TypeAlias = ChooseView
else:
    Base = object


class OwnHandovers(Base):
    """Valid ledger rows; for a coordinator those within their own municipality."""

    def get_object_list(self):
        handovers = Handover.objects.standing().select_related("giver", "receiver", "category")
        return scopes.chosen(handovers, self.request.user)

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


class ChosenHandover(ChosenView):
    def get_object(self, pk):
        return scopes.chosen(Handover.objects.all(), self.request.user).get(pk=pk)


class ChosenHandovers(ChosenMultipleView):
    def get_objects(self, pks):
        return scopes.chosen(super().get_objects(pks), self.request.user)


class HandoverChooserViewSet(ChooserViewSet):
    model = Handover
    icon = "tasks"
    choose_one_text = _("Choose a handover")
    choose_another_text = _("Choose another handover")
    choose_view_class = ChooseHandover
    choose_results_view_class = ChooseHandoverResults
    chosen_view_class = ChosenHandover
    chosen_multiple_view_class = ChosenHandovers


handover_chooser_viewset = HandoverChooserViewSet("handover_chooser")
