"""Organisations, their new names, and people who want to join them, in the queue."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.desk.queue.items import Answer, Item, QueueKind, Waiting, register
from marketplace.organisations.approval.services import (
    approve_organisation,
    ask_organisation_for_changes,
    reject_organisation,
)
from marketplace.organisations.approval.views import checklist
from marketplace.organisations.identity.models import IdentityChange
from marketplace.organisations.identity.services import approve_change, refuse_change
from marketplace.organisations.membership.services import accept_member, remove_member
from marketplace.organisations.models import Membership, Organisation
from marketplace.review.errors import WrongState
from marketplace.review.late import MEMBER_WAITS
from marketplace.roles.models import Role
from marketplace.roles.permissions import coordinated_by, has_role


class PartnerKind(QueueKind):
    """What those decide who look after organisations: editors, and coordinators in their own."""

    to_organisation = ""
    since = "created_at"

    def may(self, user):
        return has_role(user, Role.EDITOR, Role.COORDINATOR)

    def rows(self) -> QuerySet:
        """All that waits, wherever it is."""
        raise NotImplementedError

    def waiting(self, user):
        if not self.may(user):
            return
        rows = self.rows()
        place = f"{self.to_organisation}municipality"
        if not has_role(user, Role.EDITOR):
            rows = rows.filter(**{f"{place}__in": coordinated_by(user)})
        for pk, since, where in rows.values_list("pk", self.since, place):
            yield Waiting(since=since, kind=self.name, pk=pk, place=where)


@register
class Organisations(PartnerKind):
    name, icon, since = "organisation", "group", "waiting_since"
    label, one = gettext_lazy("Organisations"), gettext_lazy("Organisation")
    answers = {
        Answer.APPROVE: gettext_lazy("Approve"),
        Answer.CHANGES: gettext_lazy("Ask for changes"),
        Answer.REFUSE: gettext_lazy("Do not approve"),
    }
    prepared = [
        gettext_lazy("The number is not right. Please check it."),
        gettext_lazy("It is already here under another name. Ask your colleagues to approve you."),
        gettext_lazy("Only companies and municipal services of the area can take part."),
    ]

    def rows(self):
        return Organisation.objects.to_review().with_waiting_since()

    def items(self, pks):
        rows = Organisation.objects.filter(pk__in=pks).select_related("municipality")
        return {
            row.pk: Item(
                pk=row.pk,
                title=row.name,
                about=row,
                what=row.get_type_display(),
                who=row.contact_name or row.contact_email,
                where=row.municipality.name,
                url=reverse("review_organisation", args=[row.pk]),
            )
            for row in rows
        }

    def details(self, item, user):
        organisation = item.about
        item.facts = [
            (_("Number"), organisation.org_number or organisation.school_unit_code or "–"),
            (_("Web address"), organisation.website or "–"),
        ]
        marks = {True: _("Good:"), False: _("Missing:"), None: _("Judge yourself:")}
        checks = checklist(organisation, user)
        item.remarks = [f"{marks[check.passed]} {check.text}" for check in checks]
        return item

    @transaction.atomic
    def decide(self, *, pk, answer, words, by, seen=""):
        organisation = Organisation.objects.select_for_update().get(pk=pk)
        if organisation.approval != Organisation.Approval.PENDING or (
            organisation.is_asked_for_changes
        ):
            raise WrongState
        services: dict[Answer, Callable[..., Organisation]] = {
            Answer.APPROVE: approve_organisation,
            Answer.CHANGES: ask_organisation_for_changes,
            Answer.REFUSE: reject_organisation,
        }
        services[Answer(answer)](organisation=organisation, by=by, note=words)


@register
class NewNames(PartnerKind):
    name, icon, to_organisation, since = "name", "group", "organisation__", "asked_at"
    label, one = gettext_lazy("Changed names"), gettext_lazy("Changed name")
    answers = {
        Answer.APPROVE: gettext_lazy("Show the new details"),
        Answer.REFUSE: gettext_lazy("Keep the old ones"),
    }
    needs_words = frozenset()

    def rows(self):
        return IdentityChange.objects.order_by("pk")

    def items(self, pks):
        rows = IdentityChange.objects.filter(pk__in=pks).select_related(
            "organisation__municipality", "asked_by"
        )
        return {
            row.pk: Item(
                pk=row.pk,
                title=f"{row.organisation.name} → {row.name}",
                about=row.organisation,
                who=str(row.asked_by or ""),
                where=row.organisation.municipality.name,
                url=reverse("review_organisation", args=[row.organisation_id]),
                facts=[
                    (_("Web address"), f"{row.organisation.website or '–'} → {row.website or '–'}")
                ],
                seen=f"{row.asked_at:%Y%m%d%H%M%S%f}",
            )
            for row in rows
        }

    @transaction.atomic
    def decide(self, *, pk, answer, words, by, seen=""):
        change = IdentityChange.objects.select_for_update().filter(pk=pk).first()
        if change is None or (seen and f"{change.asked_at:%Y%m%d%H%M%S%f}" != seen):
            raise WrongState
        decided = approve_change if answer == Answer.APPROVE else refuse_change
        decided(change=change, by=by)


def waits_for_us() -> Q:
    """Colleagues answer first; after some days, or where there is nobody, it comes to us."""
    administrators = Membership.objects.active().filter(
        organisation=OuterRef("organisation"), role=Membership.Role.ADMINISTRATOR
    )
    return Q(created_at__lte=timezone.now() - MEMBER_WAITS) | ~Q(Exists(administrators))


@register
class Members(PartnerKind):
    name, icon, to_organisation = "member", "user", "organisation__"
    label, one = gettext_lazy("Members"), gettext_lazy("Member")
    answers = {
        Answer.APPROVE: gettext_lazy("Approve"),
        Answer.REFUSE: gettext_lazy("Decline"),
    }
    needs_words = frozenset()

    def rows(self):
        pending = Membership.objects.filter(status=Membership.Status.PENDING)
        return pending.filter(waits_for_us(), organisation__merged_into=None).order_by("pk")

    def items(self, pks):
        rows = Membership.objects.filter(pk__in=pks).select_related(
            "organisation__municipality", "user"
        )
        return {
            row.pk: Item(
                pk=row.pk,
                title=_("%(person)s wants to join %(organisation)s")
                % {"person": row.user, "organisation": row.organisation.name},
                about=row.organisation,
                who=row.user.email,
                where=row.organisation.municipality.name,
                url=reverse("organisation_people", args=[row.organisation_id]),
            )
            for row in rows
        }

    @transaction.atomic
    def decide(self, *, pk, answer, words, by, seen=""):
        membership = Membership.objects.select_for_update().filter(pk=pk).first()
        if membership is None or membership.status != Membership.Status.PENDING:
            raise WrongState
        if answer == Answer.APPROVE:
            accept_member(membership=membership, by=by)
        else:
            remove_member(membership=membership, by=by)
