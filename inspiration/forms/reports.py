"""What people answered in surveys and test rounds, question by question."""

from collections import Counter

from django import forms
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Locale

from inspiration.forms.models import FormPage
from marketplace.impact.permissions import can_see_figures
from marketplace.impact.reports.base import FigureReport, Row
from marketplace.impact.reports.parameters import LazyChoiceFilter, PeriodFilters
from marketplace.roles.permissions import figure_municipalities
from portal.foundation.menus import PermittedMenuItem

CHOICES = {"checkboxes", "dropdown", "multiselect", "radio", "checkbox"}


def can_see_answers(user):
    """Read answers to forms, which belong to no municipality: not coordinators of some."""
    return can_see_figures(user) and figure_municipalities(user) is None


def form_choices(request=None):
    """(pk, title) of every form in the main language, the newest first."""
    pages = FormPage.objects.filter(locale=Locale.get_default()).order_by("-pk")
    return [(str(pk), title) for pk, title in pages.values_list("pk", "title")]


class FormFilters(PeriodFilters):
    # django-filter's way to leave an inherited filter out.
    kommun = None  # type: ignore[assignment]
    form_page = LazyChoiceFilter(
        label=gettext_lazy("Form"),
        choices_for=form_choices,
        method="noop_filter",
        empty_label=gettext_lazy("The latest"),
        widget=forms.Select,
    )


class AnswerReport(FigureReport):
    """A row for each answer to each question of a form, with how many gave it.

    Free text has a row for each text. Both languages of a form are told together, in the words of
    the main one: the third choice of a question is the same answer in each of them.
    """

    page_title = gettext_lazy("Answers to surveys and test rounds")
    index_url_name = "answer_report"
    index_results_url_name = "answer_report_results"
    export_filename = "svar"
    filterset_class = FormFilters
    header_icon = "form"
    name_label = gettext_lazy("Question")
    key_words = [
        ("answer", gettext_lazy("Answer given")),
        ("count", gettext_lazy("How many")),
        ("share", gettext_lazy("Share of those who answered")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not can_see_answers(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form_page(self):
        key = self.chosen.data.get("form_page") or next((pk for pk, _name in form_choices()), None)
        return FormPage.objects.filter(pk=key).first() if key else None

    @cached_property
    def fields(self):
        """{pk of a translation of the form: {what its questions have in common: question}}."""
        return {
            page.pk: {field.translation_key: field for field in page.get_form_fields()}
            for page in self.form_page.get_translations(inclusive=True)
        }

    @cached_property
    def submissions(self):
        """(pk of the page that was answered, its answers)."""
        if self.form_page is None:
            return []
        start, before = self.chosen.period.moments
        found = FormSubmission.objects.filter(
            page__in=self.fields, submit_time__gte=start, submit_time__lt=before
        )
        return list(found.order_by("submit_time").values_list("page", "form_data"))

    def rows(self):
        if self.form_page is None:
            return []
        return [
            row for field in self.form_page.get_form_fields() for row in self.rows_of_field(field)
        ]

    def rows_of_field(self, field):
        answered = 0
        counts: Counter[str] = Counter()
        for page, data in self.submissions:
            asked = self.fields[page].get(field.translation_key, field)
            ours = dict(zip(_offered(asked), _offered(field), strict=False))
            given = data.get(asked.clean_name)
            given = given if isinstance(given, list) else [given]
            given = [_words(ours.get(each, each)) for each in given if each not in (None, "")]
            answered += bool(given)
            counts.update(given)
        counts.update(dict.fromkeys(_offered(field), 0))
        if not counts:
            return [Row(field.label, {}, {"answer": "–", "count": 0, "share": ""})]
        return [
            Row(
                field.label,
                {},
                {
                    "answer": answer,
                    "count": count,
                    "share": f"{round(count / answered * 100)} %" if answered else "",
                },
            )
            for answer, count in counts.most_common()
        ]

    def described(self):
        period = self.chosen.period
        return [
            (_("Form"), self.form_page or "–"),
            (_("Answers"), len(self.submissions)),
            (
                _("Period"),
                f"{date_format(period.start, 'Y-m-d')} – {date_format(period.end, 'Y-m-d')}",
            ),
        ]


def _offered(field):
    """The choices of a question, if it has any."""
    if field.field_type not in CHOICES:
        return []
    choices = [each.strip() for each in field.choices.replace("\r\n", ",").split(",")]
    return [each for each in choices if each]


def _words(value):
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def menu_item():
    return PermittedMenuItem(
        gettext_lazy("Answers to surveys and test rounds"),
        reverse("answer_report"),
        name="answers",
        icon_name="form",
        order=11,
        may=can_see_answers,
    )


urlpatterns = [
    path("svar/", AnswerReport.as_view(), name="answer_report"),
    path("svar/tabell/", AnswerReport.as_view(results_only=True), name="answer_report_results"),
]
