"""How much mail may be caused: by a person, an organisation, a network address, to an address.

Asked in the one place that all mail passes, so that it does not matter what causes it. The rates
and their reasons stand in `portal.settings.limits`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.foundation.throttling import TooOften, allows


class OverBudget(TooOften):
    """More mail than may be sent. Nothing has been queued."""

    message = _("That is more mail than can be sent right now. Please try again later.")


class SenderOverBudget(OverBudget):
    message = _("You have sent as much mail as one person can in a day. Please try again tomorrow.")


class OrganisationOverBudget(OverBudget):
    message = _(
        "Your organisation has sent as much mail as it can today. Please try again tomorrow."
    )


class RecipientOverBudget(OverBudget):
    message = _(
        "Several messages have already been sent to that address. Please try again tomorrow."
    )


class AddressOverBudget(OverBudget):
    message = _("A lot of mail has been requested from your network. Please try again in an hour.")


@dataclass(frozen=True)
class Cause:
    """The request that causes mail, and what finds the organisation that it acts for."""

    request: HttpRequest
    organisation: Callable[[], Any]


_cause: ContextVar[Cause | None] = ContextVar("mail_cause", default=None)


@contextmanager
def caused_by(request: HttpRequest, *, organisation: Callable[[], Any]) -> Iterator[None]:
    """Count what is queued inside for the visitor behind `request`."""
    token = _cause.set(Cause(request, organisation))
    try:
        yield
    finally:
        _cause.reset(token)


@contextmanager
def caused_by_site() -> Iterator[None]:
    """Count what is queued inside for nobody: what caused it has been counted already."""
    token = _cause.set(None)
    try:
        yield
    finally:
        _cause.reset(token)


def spend_as_sender() -> None:
    """Count one occasion of mail for who causes it. Raises `OverBudget`.

    One occasion is what somebody does, such as a message to an organisation, however many of its
    members read it.
    """
    cause = _cause.get()
    user = getattr(cause.request, "user", None) if cause else None
    if cause is None or user is None or not user.is_authenticated:
        return
    if user.has_perm("wagtailadmin.access_admin"):
        if not allows("mail_staff", key=str(user.pk)):
            raise SenderOverBudget
        return
    if not allows("mail_sender", key=str(user.pk)):
        raise SenderOverBudget
    organisation = cause.organisation()
    if organisation is None:
        return
    if not allows("mail_organisation", key=str(organisation.pk)):
        raise OrganisationOverBudget


def spend_on_invitation(organisation: Any) -> None:
    """Count one invitation for `organisation`, by any sender, whether it succeeds or not.

    Raises `OverBudget`.
    """
    spend_as_sender()
    action = "mail_invitation" if organisation.is_approved else "mail_pending_invitation"
    if not allows(action, key=str(organisation.pk)):
        raise OrganisationOverBudget


def spend(*, to: str, about_account: bool = False, named_by_staff: bool = False) -> None:
    """Count one mail to the address `to`. Raises `OverBudget` when it may not be sent.

    What is about the account, such as a code, has a budget of its own, which is the same whether
    there is an account or not: a refusal says nothing about that. An address that is
    `named_by_staff`, such as the contact of the site, is nobody's who has not asked for mail.
    """
    to = to.lower()
    if not allows("mail_account" if about_account else "mail_recipient", key=to):
        raise RecipientOverBudget
    if named_by_staff or has_confirmed(to):
        return
    if not about_account and not allows("mail_stranger", key=to):
        raise RecipientOverBudget
    cause = _cause.get()
    if cause and not allows("mail_strangers_of_address", request=cause.request):
        raise AddressOverBudget


def has_confirmed(address: str) -> bool:
    """Whether mail to `address` is known to reach somebody: they said so, or staff did."""
    known = set(
        EmailAddress.objects.filter(email__iexact=address).values_list("verified", flat=True)
    )
    if known:
        return True in known
    return get_user_model().objects.filter(email__iexact=address, is_active=True).exists()
