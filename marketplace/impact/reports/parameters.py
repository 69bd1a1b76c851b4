"""The filters of the reports: period, municipalities, material and kind of organisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Site

from marketplace.impact import figures
from marketplace.impact.figures.forms import PeriodForm, Span, ledger_span, named_periods
from marketplace.impact.figures.ledger import Rows
from marketplace.impact.figures.periods import Period
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from marketplace.organisations.models import Organisation
from marketplace.roles.permissions import figure_municipalities
from portal.foundation.collation import swedish_order
from portal.foundation.text_types import StrOrPromise

Choices: TypeAlias = Sequence[tuple[str, StrOrPromise]]


REMEMBERED, SPAN = "_visible_municipalities", "_ledger_span"


def span_for(request: HttpRequest) -> Span:
    """The first and the last day of the ledger, asked for once however often a page needs it."""
    if not hasattr(request, SPAN):
        setattr(request, SPAN, ledger_span())
    return getattr(request, SPAN)


def visible_municipalities(request: HttpRequest) -> list[Municipality]:
    """Return the municipalities whose figures the user may see, in Swedish order."""
    if not hasattr(request, REMEMBERED):
        found = Municipality.objects.for_site(Site.find_for_request(request))
        own = figure_municipalities(request.user)
        if own is not None:
            found = Municipality.objects.filter(pk__in=own)
        setattr(request, REMEMBERED, list(found))
    return getattr(request, REMEMBERED)


def period_choices(request: HttpRequest | None = None) -> Choices:
    today = timezone.localdate()
    first, _last = span_for(request) if request else ledger_span()
    return [
        *((key, str(period)) for key, period in named_periods(min(first, today), today).items()),
        (PeriodForm.EVER, _("All the time")),
        (PeriodForm.CUSTOM, _("Days of my choice")),
    ]


def municipality_choices(request: HttpRequest) -> Choices:
    return [(each.code, each.name) for each in visible_municipalities(request)]


def category_choices() -> list[tuple[str, str]]:
    """Return (slug, name) of every category, with its ancestors in the name."""
    names = MaterialCategory.objects.names()
    rows = MaterialCategory.objects.tree()
    parents = {pk: parent for pk, _slug, parent in rows}

    def path(pk: int) -> str:
        above = parents[pk]
        return (f"{path(above)} › " if above else "") + names[pk]

    pairs = [(slug, path(pk)) for pk, slug, _parent in rows]
    return sorted(pairs, key=lambda pair: swedish_order(pair[1]))


if TYPE_CHECKING:
    Base: TypeAlias = django_filters.ChoiceFilter
else:
    Base = object


class ChoicesForReader(Base):
    """A filter whose choices depend on the data and the request."""

    def __init__(
        self, *args: Any, choices_for: Callable[[HttpRequest], Choices], **kwargs: Any
    ) -> None:
        self.choices_for = choices_for
        super().__init__(*args, **kwargs)

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self.extra["choices"] = self.choices_for(self.parent.request)
        return super().field


class LazyChoiceFilter(ChoicesForReader, django_filters.ChoiceFilter):
    pass


class LazyMultipleChoiceFilter(ChoicesForReader, django_filters.MultipleChoiceFilter):
    pass


class FigureFilters(WagtailFilterSet):
    """Filter what the reports sum up, not which rows they list."""

    period = LazyChoiceFilter(
        label=_("Period"),
        choices_for=period_choices,
        method="noop_filter",
        empty_label=_("This year"),
        widget=forms.Select,
    )
    fran = django_filters.DateFilter(
        label=_("First day"),
        method="noop_filter",
        widget=AdminDateInput,
        help_text=_("With “Days of my choice”."),
    )
    till = django_filters.DateFilter(
        label=_("Last day"), method="noop_filter", widget=AdminDateInput
    )
    kommun = LazyMultipleChoiceFilter(
        label=_("Municipality"),
        choices_for=municipality_choices,
        method="noop_filter",
        widget=forms.CheckboxSelectMultiple,
    )
    material = LazyChoiceFilter(
        label=_("Material"),
        choices_for=lambda request: category_choices(),
        method="noop_filter",
        empty_label=_("All"),
        widget=forms.Select,
    )
    mottagare = django_filters.MultipleChoiceFilter(
        label=_("Kind of receiver"),
        choices=[
            (value, label)
            for value, label in Organisation.Type.choices
            if value != Organisation.Type.COMPANY
        ],
        method="noop_filter",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Municipality
        fields: list[str] = []

    def noop_filter(
        self, queryset: QuerySet[Municipality], name: str, value: Any
    ) -> QuerySet[Municipality]:
        return queryset


class PeriodFilters(FigureFilters):
    """Filters for figures that can only be limited by period and municipality."""

    # django-filter's way to leave inherited filters out.
    material = None  # type: ignore[assignment]
    mottagare = None


@dataclass(frozen=True)
class ReportParameters:
    """The chosen filters, limited to what the user may see."""

    request: HttpRequest
    data: dict[str, Any]

    @cached_property
    def period(self) -> Period:
        form = PeriodForm(
            {
                "period": self.data.get("period") or "",
                "fran": self.data.get("fran") or "",
                "till": self.data.get("till") or "",
            },
            span_for(self.request),
        )
        return form.chosen

    @cached_property
    def visible(self) -> list[Municipality]:
        return visible_municipalities(self.request)

    @cached_property
    def municipalities(self) -> list[Municipality]:
        """Return the chosen municipalities that the user may see, or all of them by default."""
        codes = set(self.data.get("kommun") or [])
        return [each for each in self.visible if not codes or each.code in codes]

    @cached_property
    def keys(self) -> list[int]:
        return [each.pk for each in self.municipalities]

    @property
    def is_all(self) -> bool:
        """Whether all municipalities are included, for a user who may see them all."""
        return figure_municipalities(self.request.user) is None and len(self.municipalities) == len(
            self.visible
        )

    @property
    def places(self) -> Sequence[int | None]:
        """Return `keys`, plus None for what belongs to no municipality if all are included."""
        return [None, *self.keys] if self.is_all else self.keys

    @property
    def is_whole(self) -> bool:
        """Whether the sums can be compared with goals: only period and municipality limit them."""
        return not (self.data.get("material") or self.data.get("mottagare"))

    @cached_property
    def categories(self) -> list[int] | None:
        slug = self.data.get("material")
        if not slug:
            return None
        below = MaterialCategory.objects.with_descendants(slugs=[slug])
        return list(below.values_list("pk", flat=True))

    def handovers(self, **more: Any) -> Rows:
        """Select the chosen rows of the ledger, by the receivers' municipalities."""
        asked: dict[str, Any] = {
            "period": self.period,
            "municipalities": self.keys,
            "categories": self.categories,
            "receiver_types": self.data.get("mottagare") or None,
        }
        return figures.handovers(**(asked | more))

    def described(self) -> list[tuple[StrOrPromise, StrOrPromise]]:
        """Return [(filter, choice)] in words, for the heading of a report and its export."""
        lines: list[tuple[StrOrPromise, StrOrPromise]] = [
            (_("Period"), f"{self.period} ({self.period.start} – {self.period.end})")
        ]
        lines.append((_("Municipality"), ", ".join(each.name for each in self.municipalities)))
        if self.categories is not None:
            names = dict(category_choices())
            lines.append((_("Material"), names.get(self.data["material"], "")))
        if self.data.get("mottagare"):
            labels = dict(Organisation.Type.choices)
            lines.append(
                (
                    _("Kind of receiver"),
                    ", ".join(str(labels[each]) for each in self.data["mottagare"]),
                )
            )
        return lines
