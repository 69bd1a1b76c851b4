"""Sending the report of a year to a municipality's coordinators when the year has closed."""

from django.db import IntegrityError, transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import notifications
from .models import Handover, Municipality, YearlyReport
from .yearly_pdf import file_name, yearly_report


def send_yearly_reports(now=None):
    """Send last year's report, once per municipality that has a coordinator. Returns how many.

    Nothing is sent of a year in which no material had changed hands yet, anywhere.
    """
    year = timezone.localdate(now).year - 1
    if not Handover.objects.filter(handed_over_on__year__lte=year).exists():
        return 0
    waiting = (
        Municipality.objects.exclude(yearly_reports__year=year)
        .filter(coordinators__is_active=True)
        .distinct()
    )
    return sum(_send(municipality, year) for municipality in waiting)


def _send(municipality, year):
    try:
        with transaction.atomic():
            YearlyReport.objects.create(municipality=municipality, year=year)
            for user in municipality.coordinators.filter(is_active=True):
                _write_mail(user, municipality, year)
    except IntegrityError:
        # Somebody else is sending it at this moment.
        return False
    return True


def _write_mail(user, municipality, year):
    with override(user.language):
        pdf = yearly_report(municipalities=[municipality], year=year, name=municipality.name)
        values = notifications.frame(user) | {
            "municipality": municipality.name,
            "year": str(year),
            "action": _("See the figures"),
            "url": notifications.absolute(reverse("figure_reports:dashboard")),
        }
        values["subject"] = " ".join(_plain("email/yearly_report_subject.txt", values).split())
        values["body"] = _plain("email/yearly_report.txt", values).strip()
        html = get_template("email/from_text.html").template.render(Context(values))
        text = _plain("email/layout.txt", values)
        notifications.queue_mail(
            user,
            subject=values["subject"],
            text=text,
            html=html,
            values=values,
            attachments=[(file_name(municipality.slug, year), pdf, "application/pdf")],
        )


def _plain(template, values):
    return get_template(template).template.render(Context(values, autoescape=False))
