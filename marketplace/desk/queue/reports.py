"""Reported problems and mail that did not arrive, in the queue."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from post_office.models import STATUS, Email

from marketplace.desk.queue.items import Answer, Item, QueueKind, Waiting, register
from marketplace.exchange.notes.models import Note
from marketplace.exchange.notes.services import handle_problem
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, has_role
from portal.foundation.mail import delivery

# Older mail says nothing that anybody still needs.
MAIL_MATTERS = timedelta(days=14)


@register
class Problems(QueueKind):
    name, icon = "problem", "warning"
    label, one = gettext_lazy("Reported problems"), gettext_lazy("Reported problem")
    answers = {Answer.APPROVE: gettext_lazy("Mark as handled")}
    needs_words = frozenset()
    prepared = [
        gettext_lazy("We have talked to the other side. It is settled."),
        gettext_lazy("The handover has been corrected."),
    ]

    def may(self, user):
        return has_role(user, Role.EDITOR, Role.COORDINATOR)

    def waiting(self, user):
        if not self.may(user):
            return
        notes = Note.objects.unhandled()
        if not has_role(user, Role.EDITOR):
            # Reporters are named, and answered, in their own municipality only.
            notes = notes.filter(organisation__municipality__in=coordinated_by(user))
        for pk, since, place in notes.values_list("pk", "created_at", "organisation__municipality"):
            yield Waiting(since=since, kind=self.name, pk=pk, place=place)

    def items(self, pks):
        rows = Note.objects.filter(pk__in=pks).select_related(
            "organisation__municipality", "author", "reservation__listing"
        )
        return {
            row.pk: Item(
                pk=row.pk,
                title=row.reservation.listing.title,
                about=row.reservation,
                what=row.text[:120],
                who=", ".join(filter(None, [str(row.author or ""), row.organisation.name])),
                where=row.organisation.municipality.name,
                url=reverse(
                    "marketplace_reservation_modeladmin_inspect", args=[row.reservation_id]
                ),
                text=row.text,
            )
            for row in rows
        }

    def decide(self, *, pk, answer, words, by, seen=""):
        handle_problem(note=Note.objects.get(pk=pk), by=by, words=words)


@register
class FailedMail(QueueKind):
    name, icon = "mail", "mail"
    label, one = gettext_lazy("Mail that did not arrive"), gettext_lazy("Mail that did not arrive")
    answers = {
        Answer.APPROVE: gettext_lazy("Send again"),
        Answer.REFUSE: gettext_lazy("Leave it"),
    }
    needs_words = frozenset()

    def may(self, user):
        return user.has_perm("post_office.view_email")

    def waiting(self, user):
        if not self.may(user):
            return
        now = timezone.now()
        failed = Email.objects.filter(
            status=STATUS.failed, expires_at=None, last_updated__gt=now - MAIL_MATTERS
        )
        for pk, since in failed.filter(set_aside=None).values_list("pk", "created"):
            yield Waiting(since=since, kind=self.name, pk=pk)

    def items(self, pks):
        rows = Email.objects.filter(pk__in=pks).prefetch_related("logs")
        return {row.pk: self.item(row) for row in rows}

    def item(self, row):
        failures = [log for log in row.logs.all() if log.status != STATUS.sent]
        last = max(failures, key=lambda log: log.date, default=None)
        return Item(
            pk=row.pk,
            title=row.subject,
            about=row,
            who=", ".join(row.to),
            what=last.message[:120] if last else "",
            url=reverse("send_mail_again", args=[row.pk]),
            text=last.message if last else "",
        )

    @transaction.atomic
    def decide(self, *, pk, answer, words, by, seen=""):
        if answer == Answer.APPROVE:
            delivery.send_again(email_id=pk)
        else:
            delivery.set_aside(email_id=pk, by=by)
