"""Looking at a new organisation in the admin: a checklist, and the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.permissions import policy_registry

from marketplace.municipalities.models import EmailDomain
from marketplace.organisations.approval.services import (
    approve_organisation,
    ask_organisation_for_changes,
    reject_organisation,
)
from marketplace.organisations.membership.services import accept_member
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.scoping import filter_listable
from marketplace.organisations.validators import validate_org_number, validate_school_unit_code
from marketplace.review.errors import ExchangeError

APPROVE, CHANGES, REJECT = "approve", "changes", "reject"


@dataclass(frozen=True)
class Check:
    """One thing to look at. `passed` is None where only a person can tell."""

    text: str
    passed: bool | None = None
    url: str = ""


class DecisionForm(forms.Form):
    """Why an organisation may take part, or why not. The applicant reads it."""

    note = forms.CharField(
        label=gettext_lazy("A word to the applicant"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sent with the mail. Needed to ask for changes and to refuse."),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if (REJECT in self.data or CHANGES in self.data) and not cleaned.get("note"):
            self.add_error("note", _("Tell the applicant why."))
        return cleaned


def checklist(organisation, reader):
    """What can be said about an organisation to `reader` without asking anybody."""
    yield number_check(organisation)
    yield from twins(organisation, reader)
    if organisation.website:
        yield Check(_("Look at the web address: is it theirs?"), url=organisation.website)
    else:
        yield Check(_("No web address was given."), passed=False)
    people = organisation.memberships.active().select_related("user")
    for membership in people:
        yield from address_checks(organisation, membership.user)


def number_check(organisation):
    if organisation.is_company or organisation.org_number:
        value, validate = organisation.org_number, validate_org_number
        good, bad = (
            _("The organisation number %(number)s is valid."),
            _("The organisation number %(number)s is not valid."),
        )
    else:
        value, validate = organisation.school_unit_code, validate_school_unit_code
        good, bad = (
            _("The school unit code %(number)s has the right form."),
            _("The school unit code %(number)s is not right."),
        )
    if not value:
        return Check(_("No number was given."), passed=False)
    try:
        validate(value)
    except ValidationError:
        return Check(bad % {"number": value}, passed=False)
    return Check(good % {"number": value}, passed=True)


def twins(organisation, reader):
    """Others that may be the same one: they have its name, or its web address."""
    others = Organisation.objects.exclude(pk=organisation.pk).filter(merged_into=None)
    same = others.filter(name__iexact=organisation.name)
    if organisation.website:
        same |= others.filter(website=organisation.website)
    found = list(same.select_related("municipality")[:5])
    seen = filter_listable(same, reader)
    for twin in found:
        text = (
            _("%(name)s in %(municipality)s may be the same one.")
            if seen.filter(pk=twin.pk).exists()
            else _("An organisation in %(municipality)s may be the same one. Ask there.")
        )
        yield Check(
            text % {"name": twin.name, "municipality": twin.municipality.name}, passed=False
        )
    if not found:
        yield Check(_("Nobody else here has the same name or web address."), passed=True)


def address_checks(organisation, person):
    address = EmailAddress.objects.filter(user=person, verified=True).first()
    if address is None:
        yield Check(
            _("%(person)s has not confirmed %(email)s.")
            % {"person": person, "email": person.email},
            passed=False,
        )
        return
    values = {"person": person, "email": address.email}
    yield Check(_("%(person)s has confirmed %(email)s.") % values, passed=True)
    domain = address.email.rpartition("@")[2].lower()
    host = (urlsplit(organisation.website).hostname or "").removeprefix("www.")
    if host and (domain == host or domain.endswith(f".{host}")):
        yield Check(_("%(email)s belongs to the web address.") % values, passed=True)
    elif EmailDomain.objects.filter(domain=domain).exists():
        yield Check(_("%(email)s belongs to a municipality.") % values, passed=True)
    else:
        yield Check(_("%(email)s does not show where %(person)s works.") % values)


def review_organisation(request, pk):
    """The checklist of one organisation, and the buttons that let it in or not."""
    organisation = get_object_or_404(Organisation.objects.select_related("municipality"), pk=pk)
    policy = policy_registry.get_by_type(Organisation)
    if not policy.user_has_permission_for_instance(request.user, "change", organisation):
        raise PermissionDenied
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and "let_in" in request.POST:
        return let_in(request, organisation)
    if request.method == "POST" and form.is_valid():
        return decide_approval(request, organisation, form.cleaned_data["note"])
    return render(
        request,
        "marketplace/organisations/admin/review_organisation.html",
        {
            "organisation": organisation,
            "checks": list(checklist(organisation, request.user)),
            "people": organisation.memberships.select_related("user").order_by("status", "pk"),
            "pending": Membership.Status.PENDING,
            "form": form,
        },
    )


def decide_approval(request, organisation, note):
    """Carry out what was pressed, and say so."""
    decide: Callable[..., Organisation] = approve_organisation
    if REJECT in request.POST:
        decide = reject_organisation
    elif CHANGES in request.POST:
        decide = ask_organisation_for_changes
    try:
        decide(organisation=organisation, by=request.user, note=note)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Decided. The applicant gets a mail."))
    return redirect("review_organisation", organisation.pk)


def let_in(request, organisation):
    """Let somebody in where there is no administrator who could."""
    number = request.POST["let_in"]
    membership = get_object_or_404(
        organisation.memberships, pk=int(number) if number.isdecimal() else 0
    )
    try:
        accept_member(membership=membership, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(person)s is in.") % {"person": membership.user})
    return redirect("review_organisation", organisation.pk)
