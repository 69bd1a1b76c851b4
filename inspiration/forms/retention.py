"""How long answers to forms are kept."""

from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import FormSubmission

from portal.foundation.privacy.rules import Rule, register


def remove_answers(before):
    return FormSubmission.objects.filter(submit_time__lt=before).delete()[0]


register(
    Rule(
        "form answers",
        _("What is sent with contact forms and surveys"),
        _("So that we can answer, and compare with the next survey."),
        days=2 * 365,
        remove=remove_answers,
    ),
)
