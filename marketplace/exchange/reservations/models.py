"""Reservations of material and the messages about them."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from marketplace.exchange.reservations.actions import Action, Side
from marketplace.materials.units import QUANTITY
from marketplace.organisations.models import Organisation
from marketplace.threads.models import Message
from portal.foundation.text_types import StrOrPromise


def and_more(rows: "Sequence[Reservation]") -> StrOrPromise:
    """The materials of `rows` in short, such as "Cork mats", or "Cork mats and 2 more"."""
    title, others = rows[0].listing.title, len(rows) - 1
    if not others:
        return title
    words = ngettext("%(title)s and %(count)d more", "%(title)s and %(count)d more", others)
    return words % {"title": title, "count": others}


# The way that is always possible, see `ways`.
FETCH = "fetch"


class ReservationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=Reservation.OPEN_STATES)

    def agreed(self):
        """Those that the giver has said yes to, whether or not they have been collected."""
        return self.filter(state__in=[Reservation.State.ACCEPTED, Reservation.State.COLLECTED])

    def requested(self):
        return self.filter(state=Reservation.State.REQUESTED)

    def accepted(self):
        return self.filter(state=Reservation.State.ACCEPTED)

    def closed(self):
        return self.exclude(state__in=Reservation.OPEN_STATES)

    def waiting_for(self, organisation):
        """Where the next step is `organisation`'s: to answer, agree on a time, or say what became.

        What has waited longest comes first.
        """
        gives = Q(listing__organisation=organisation)
        asks = Q(organisation=organisation)
        proposed = Q(pickup_agreed_at=None, pickup_at__isnull=False)
        return self.filter(
            (gives & Q(state=Reservation.State.REQUESTED))
            | (
                asks
                & Q(state__in=Reservation.OPEN_STATES)
                & proposed
                & Q(pickup_proposed_by_giver=True)
            )
            | (
                gives
                & Q(state=Reservation.State.ACCEPTED)
                & proposed
                & Q(pickup_proposed_by_giver=False)
            )
            | ((gives | asks) & Q(state=Reservation.State.ACCEPTED, pickup_at__lt=timezone.now()))
        ).order_by("created_at", "pk")

    def unanswered_since(self, moment):
        """Asked before `moment`; what was prolonged has so much more time."""
        return self.requested().filter(
            Q(prolonged_at=None, created_at__lte=moment)
            | Q(prolonged_at__isnull=False, created_at__lte=moment - Reservation.PROLONGED_BY)
        )

    def uncollected_since(self, moment):
        """Promised, the pickup time (or else the acceptance) before `moment`, nobody asked yet.

        What was prolonged has so much more time.
        """
        earlier = moment - Reservation.PROLONGED_BY
        return (
            self.accepted()
            .filter(uncollected_asked_at=None)
            .filter(
                Q(pickup_at__lte=moment) | Q(pickup_at=None, accepted_at__lte=moment),
                Q(prolonged_at=None)
                | Q(pickup_at__lte=earlier)
                | Q(pickup_at=None, accepted_at__lte=earlier),
            )
        )

    def can_be_added_to(self):
        """Where more of the same giver can be asked for: as `Action.ADD`."""
        tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow += timedelta(days=1)
        return self.open().filter(Q(pickup_at=None) | Q(pickup_at__gte=tomorrow), way=FETCH)

    def made_by(self, organisation):
        return self.filter(organisation=organisation)

    def given_by(self, organisation):
        return self.filter(listing__organisation=organisation)

    def in_municipalities(self, municipalities):
        """Where the giver or the receiver is in one of `municipalities`."""
        return self.filter(
            Q(organisation__municipality__in=municipalities)
            | Q(listing__organisation__municipality__in=municipalities)
        )

    def with_pictures(self):
        """With what a small picture of the material needs."""
        return self.prefetch_related("listing__photos__image__renditions")

    def with_parties(self):
        return self.select_related(
            "organisation__municipality",
            "listing__organisation__municipality",
            "listing__stock",
            "listing__category",
            "created_by",
        )


class Reservation(models.Model):
    """An organisation's request for some of a listing. Accepting it is what reserves stock."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Promised")
        COLLECTED = "collected", _("Collected")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", pgettext_lazy("reservation", "Cancelled")
        EXPIRED = "expired", _("Expired")

    PROLONGED_BY = timedelta(days=14)
    OPEN_STATES = [State.REQUESTED, State.ACCEPTED]
    PROMISED_STATES = [State.ACCEPTED, State.COLLECTED]

    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.PROTECT,
        related_name="reservations",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="reservations",
    )
    joint_request = models.ForeignKey(
        "marketplace.JointRequest",
        verbose_name=_("joint request"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reservations",
        help_text=_("What else is asked for at the same time, and picked up together."),
    )
    created_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("asked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    requested_quantity = models.DecimalField(_("asked for"), **QUANTITY)
    accepted_quantity = models.DecimalField(_("promised"), null=True, blank=True, **QUANTITY)
    purpose = models.CharField(_("what it is for"), max_length=500, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    can_come = models.CharField(_("when they can come"), max_length=200, blank=True, db_default="")
    # A choice of one of `ways.WAYS`.
    way = models.CharField(_("way"), max_length=40, default=FETCH, db_default=FETCH)
    pickup_at = models.DateTimeField(
        _("pickup time"),
        null=True,
        blank=True,
        help_text=_("Requested by the receiver, then agreed or proposed by the giver."),
    )
    pickup_until = models.DateTimeField(_("pickup until"), null=True, blank=True)
    pickup_proposed_by_giver = models.BooleanField(_("time proposed by the giver"), default=False)
    pickup_agreed_at = models.DateTimeField(_("pickup time agreed"), null=True, blank=True)
    safety_confirmed_at = models.DateTimeField(
        _("safety read and confirmed"),
        null=True,
        blank=True,
        help_text=_("When a preschool asked for what does not fit all its children."),
    )
    closing_note = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    prolonged_at = models.DateTimeField(_("extended"), null=True, blank=True)
    pickup_reminded_for = models.DateTimeField(
        _("reminded of the pickup at"), null=True, blank=True, editable=False
    )
    uncollected_asked_at = models.DateTimeField(
        _("asked why it was not collected"), null=True, blank=True
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(requested_quantity__gt=0),
                name="reservation_asks_for_something",
                violation_error_message=_("The quantity must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity=None)
                | (Q(accepted_quantity__gt=0) & Q(accepted_quantity__lte=F("requested_quantity"))),
                name="reservation_promises_at_most_what_was_asked",
                violation_error_message=_("You cannot accept more than was asked for."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "listing"],
                condition=Q(state__in=["requested", "accepted"]),
                name="reservation_one_open_per_organisation_and_listing",
                violation_error_message=_("You have already asked for this material."),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="reservation_state_created"),
            models.Index(fields=["created_at", "id"], name="reservation_created"),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.listing}"

    def get_absolute_url(self) -> str:
        """Where it is answered and followed: the page of the joint request where it is of one."""
        if self.joint_request_id:
            return reverse("marketplace:joint_request", args=[self.joint_request_id])
        return reverse("marketplace:reservation", args=[self.pk])

    @property
    def together(self) -> "list[Reservation]":
        """All of the same joint request as it stands now, in order; alone, only itself."""
        if not self.joint_request_id:
            return [self]
        return list(
            Reservation.objects.filter(joint_request=self.joint_request_id)
            .with_parties()
            .order_by("pk")
        )

    @property
    def title(self) -> StrOrPromise:
        """What is asked for, as `and_more` says it of a joint request."""
        return and_more([self, *(row for row in self.together if row.pk != self.pk)])

    @property
    def is_open(self):
        return self.state in self.OPEN_STATES

    @property
    def is_promised(self):
        """Whether the giver has said yes, collected or not: the sides may know each other."""
        return self.state in self.PROMISED_STATES

    @property
    def is_before_agreed_day(self):
        """Whether the two have agreed on a day that has not come yet, Swedish time."""
        return bool(
            self.pickup_agreed_at and timezone.localdate(self.pickup_at) > timezone.localdate()
        )

    @property
    def is_pickup_due(self):
        """Whether the day of the pickup has come, Swedish time, so that confirming is next."""
        return bool(self.pickup_at and timezone.localdate(self.pickup_at) <= timezone.localdate())

    @property
    def giver(self):
        return self.listing.organisation

    def party(self, side: Side) -> Organisation:
        """Return the organisation on `side`."""
        return self.giver if side == Side.GIVER else self.organisation

    def counterparty(self, side: Side) -> Organisation:
        """Return the organisation on the other side than `side`."""
        return self.organisation if side == Side.GIVER else self.giver

    def has_thanked(self, side: Side) -> bool:
        return self.notes.thanks().filter(organisation=self.party(side)).exists()

    @property
    def unanswered_handover(self):
        """What a driver or a hub has handed over, while nobody has said whether it was needed."""
        return (
            self.handovers.standing()
            .filter(recorded_by=None, would_have_bought="", replaces=None)
            .order_by("-pk")
            .first()
        )

    def actions_for(self, side: Side) -> frozenset[Action]:
        """Return the `Action`s that are possible for `side` in the current state.

        Both page and services ask here. Who acts for a side is the question of `permissions`.
        """
        gives = side == Side.GIVER
        requested, collected = (
            self.state == self.State.REQUESTED,
            self.state == self.State.COLLECTED,
        )
        waits_for_agreement = bool(self.pickup_at) and not self.pickup_agreed_at
        possible = {
            Action.ANSWER: requested and gives,
            Action.ADD: self.is_open and not gives and self.way == FETCH and not self.is_pickup_due,
            Action.CANCEL: self.is_open,
            Action.PROLONG: self.is_open and not gives and not self.prolonged_at,
            Action.PROPOSE_PICKUP: self.is_open,
            Action.AGREE_PICKUP: self.is_open
            and waits_for_agreement
            and gives != self.pickup_proposed_by_giver,
            Action.CONFIRM: self.state == self.State.ACCEPTED,
            Action.SAY_BOUGHT: collected and not gives and self.unanswered_handover is not None,
            Action.THANK: collected and not self.has_thanked(side),
            Action.RATE: collected,
            Action.REPORT: self.is_promised,
            Action.ASK_AGAIN: not gives and not self.is_open and not collected,
            Action.WRITE: True,
        }
        return frozenset(action for action, is_possible in possible.items() if is_possible)

    @property
    def quantity(self):
        """What counts now, in the listing's unit: promised, or else asked for."""
        return self.accepted_quantity or self.requested_quantity

    @property
    def load(self):
        """What counts now as something to carry, with its kilograms and litres."""
        return self.listing.load(self.quantity)


class ReservationMessage(Message):
    """One message in the thread between giver and receiver."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="messages")
