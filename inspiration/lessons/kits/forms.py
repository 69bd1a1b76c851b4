"""For whom a kit is to be: so many children, in so many groups, in a week."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspiration.lessons.amounts import MOST, Group
from portal.foundation.form_fields import choice_field

WEEKS_AHEAD = 30


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def coming_mondays() -> list[date]:
    """The first days of the weeks that one may plan for, the next week first."""
    this = monday_of(timezone.localdate())
    return [this + timedelta(weeks=ahead) for ahead in range(1, WEEKS_AHEAD + 1)]


def week_label(monday: date) -> str:
    """For example, "Week 7, 15 February"."""
    return _("Week %(number)d, from %(day)s") % {
        "number": monday.isocalendar().week,
        "day": date_format(monday, "j F"),
    }


class KitForm(forms.Form):
    """Sent by GET, so that the address says it all. `group` and `monday` are what was asked."""

    barn = forms.IntegerField(label=gettext_lazy("Children or pupils"), min_value=1, max_value=MOST)
    grupper = forms.IntegerField(
        label=gettext_lazy("In how many groups"), min_value=1, max_value=MOST, required=False
    )
    vecka = forms.TypedChoiceField(label=gettext_lazy("In which week"), coerce=int, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mondays = {monday.isocalendar().week: monday for monday in coming_mondays()}
        choice_field(self, "vecka").choices = [
            (week, week_label(monday)) for week, monday in self.mondays.items()
        ]
        for name in ("barn", "grupper"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})

    @property
    def group(self) -> Group:
        return Group.of(self.cleaned_data["barn"], self.cleaned_data["grupper"])

    @property
    def monday(self) -> date:
        return self.mondays[self.cleaned_data["vecka"] or next(iter(self.mondays))]


class SendForm(forms.Form):
    """What one says when a kit is sent. `seal` is that of the proposal that was looked at."""

    seal = forms.CharField(widget=forms.HiddenInput)
    wanted = forms.BooleanField(
        label=gettext_lazy("Post a wanted ad for what is missing"), required=False, initial=True
    )
    safety_confirmed = forms.BooleanField(
        label=gettext_lazy("I have read this, and we will make sure that it is used safely."),
        error_messages={
            "required": gettext_lazy(
                "Read who it is safe for, and tick the box, before you ask for it."
            )
        },
    )

    def __init__(self, *args, proposal, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        if not proposal.to_confirm(organisation):
            del self.fields["safety_confirmed"]
        if not proposal.wanted:
            del self.fields["wanted"]
        self.fields["seal"].initial = proposal.seal
