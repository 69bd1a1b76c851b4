"""Mail the yearly report to each municipality's coordinators when the year is over."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.exchange.handovers.models import Handover
from marketplace.impact.yearly_reports.models import YearlyReport
from marketplace.impact.yearly_reports.pdf import file_name, yearly_report
from marketplace.municipalities.models import Municipality
from marketplace.notifications.delivery import email_context, queue_mail
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinators_of
from portal.foundation.jobs.rows import for_each_row
from portal.foundation.mail.rendering import absolute, as_text
from portal.foundation.sites import speaking_to
from portal.foundation.users.models import User


def send_yearly_reports(now: datetime | None = None) -> int:
    """Send last year's report once to each municipality with a coordinator; return how many.

    Nothing is sent for years before the first handover anywhere.
    """
    year = timezone.localdate(now).year - 1
    if not Handover.objects.filter(handed_over_on__year__lte=year).exists():
        return 0
    waiting = (
        Municipality.objects.exclude(yearly_reports__year=year)
        .filter(role_assignments__role=Role.COORDINATOR, role_assignments__user__is_active=True)
        .distinct()
    )
    return for_each_row(list(waiting), partial(_send, year=year))


@transaction.atomic
def _send(municipality: Municipality, year: int) -> bool:
    """Whether it was sent: another process may be at it, whose row is waited for."""
    _report, created = YearlyReport.objects.get_or_create(municipality=municipality, year=year)
    for user in coordinators_of(municipality) if created else ():
        _write_mail(user, municipality, year)
    return created


def _write_mail(user: User, municipality: Municipality, year: int) -> None:
    with override(user.language), speaking_to(user):
        pdf = yearly_report(municipalities=[municipality], year=year, name=municipality.name)
        values = email_context(user) | {
            "municipality": municipality.name,
            "year": str(year),
            "action": _("See the figures"),
            "url": absolute(reverse("figure_reports:dashboard")),
        }
        values["subject"] = as_text("email/yearly_report_subject.txt", values)
        values["body"] = as_text("email/yearly_report.txt", values)
        attachment = (file_name(municipality.slug, year), pdf, "application/pdf")
        queue_mail(user, values=values, attachments=[attachment])
