"""What a reader has asked for: a period, municipalities, a material, a kind of organisation."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.db.models import Min
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Site

from marketplace import figures
from marketplace.forms.periods import PeriodForm, named_periods
from marketplace.models import Handover, MaterialCategory, Municipality, Organisation
from marketplace.permissions import figure_municipalities
from portal.collation import swedish_order


def visible_municipalities(request):
    """The municipalities that the reader may see figures of, in Swedish order."""
    found = Municipality.objects.for_site(Site.find_for_request(request))
    own = figure_municipalities(request.user)
    if own is not None:
        found = Municipality.objects.filter(pk__in=own)
    return list(found)


def period_choices(request=None):
    today = timezone.localdate()
    first = Handover.objects.aggregate(first=Min("handed_over_on"))["first"] or today
    return [
        *((key, str(period)) for key, period in named_periods(min(first, today), today).items()),
        (PeriodForm.EVER, _("All the time")),
        (PeriodForm.CUSTOM, _("Days of my choice")),
    ]


def municipality_choices(request):
    return [(each.code, each.name) for each in visible_municipalities(request)]


def category_choices():
    """Every material, what is below another named after it."""
    names = MaterialCategory.objects.names()
    parents = dict(MaterialCategory.objects.source().values_list("pk", "parent"))

    def path(pk):
        return (f"{path(parents[pk])} › " if parents[pk] else "") + names[pk]

    slugs = MaterialCategory.objects.source().values_list("pk", "slug")
    pairs = [(slug, path(pk)) for pk, slug in slugs]
    return sorted(pairs, key=lambda pair: swedish_order(pair[1]))


class ChoicesForReader:
    """A choice whose values depend on what there is, and on who asks."""

    def __init__(self, *args, choices_for, **kwargs):
        self.choices_for = choices_for
        super().__init__(*args, **kwargs)

    @property
    def field(self):
        self.extra["choices"] = self.choices_for(self.parent.request)
        return super().field


class LaterChoices(ChoicesForReader, django_filters.ChoiceFilter):
    pass


class ManyLaterChoices(ChoicesForReader, django_filters.MultipleChoiceFilter):
    pass


class FigureFilters(WagtailFilterSet):
    """The filters of the reports. They choose what is summed up, not which rows are listed."""

    period = LaterChoices(
        label=_("Period"),
        choices_for=period_choices,
        method="leave",
        empty_label=_("This year"),
        widget=forms.Select,
    )
    fran = django_filters.DateFilter(
        label=_("First day"),
        method="leave",
        widget=AdminDateInput,
        help_text=_("With “Days of my choice”."),
    )
    till = django_filters.DateFilter(label=_("Last day"), method="leave", widget=AdminDateInput)
    kommun = ManyLaterChoices(
        label=_("Municipality"),
        choices_for=municipality_choices,
        method="leave",
        widget=forms.CheckboxSelectMultiple,
    )
    material = LaterChoices(
        label=_("Material"),
        choices_for=lambda request: category_choices(),
        method="leave",
        empty_label=_("All"),
        widget=forms.Select,
    )
    mottagare = django_filters.MultipleChoiceFilter(
        label=_("Kind of receiver"),
        choices=[
            (value, label)
            for value, label in Organisation.Kind.choices
            if value != Organisation.Kind.COMPANY
        ],
        method="leave",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Municipality
        fields = []

    def leave(self, queryset, name, value):
        return queryset


class PeriodFilters(FigureFilters):
    """For figures that know period and municipality only."""

    material = None
    mottagare = None


@dataclass(frozen=True)
class Chosen:
    """What the filters say, narrowed to what the reader may see."""

    request: object
    data: dict

    @cached_property
    def period(self):
        form = PeriodForm(
            {
                "period": self.data.get("period") or "",
                "fran": self.data.get("fran") or "",
                "till": self.data.get("till") or "",
            }
        )
        return form.chosen

    @cached_property
    def visible(self):
        return visible_municipalities(self.request)

    @cached_property
    def municipalities(self):
        """Those asked for, among those that the reader may see; all of these if none is named."""
        codes = set(self.data.get("kommun") or [])
        return [each for each in self.visible if not codes or each.code in codes]

    @cached_property
    def keys(self):
        return [each.pk for each in self.municipalities]

    @property
    def is_all(self):
        """Whether all municipalities are summed up, by somebody who may see them all."""
        return figure_municipalities(self.request.user) is None and len(self.municipalities) == len(
            self.visible
        )

    @property
    def places(self):
        """`keys`, and None for what belongs to no municipality where all are summed up."""
        return [None, *self.keys] if self.is_all else self.keys

    @property
    def is_whole(self):
        """Whether nothing but period and municipality narrows the sums, so that goals compare."""
        return not (self.data.get("material") or self.data.get("mottagare"))

    @cached_property
    def categories(self):
        slug = self.data.get("material")
        if not slug:
            return None
        below = MaterialCategory.objects.with_descendants(slugs=[slug])
        return list(below.values_list("pk", flat=True))

    def handovers(self, **more):
        """The rows of the ledger that are asked for, by the receivers' municipalities."""
        return figures.handovers(
            **{
                "period": self.period,
                "municipalities": self.keys,
                "categories": self.categories,
                "receiver_kinds": self.data.get("mottagare") or None,
                **more,
            }
        )

    def described(self):
        """[(what, chosen)] in words, for the head of a report and its export."""
        lines = [(_("Period"), f"{self.period} ({self.period.start} – {self.period.end})")]
        lines.append((_("Municipality"), ", ".join(each.name for each in self.municipalities)))
        if self.categories is not None:
            names = dict(category_choices())
            lines.append((_("Material"), names.get(self.data["material"], "")))
        if self.data.get("mottagare"):
            kinds = dict(Organisation.Kind.choices)
            lines.append(
                (
                    _("Kind of receiver"),
                    ", ".join(str(kinds[each]) for each in self.data["mottagare"]),
                )
            )
        return lines
