"""The admin's pages with people and their roles: give, take, reset, leave."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.review.errors import ExchangeError
from marketplace.roles.forms import GiveRoleForm, LeaveForm, MunicipalitiesForm, ResetFactorsForm
from marketplace.roles.models import Role
from portal.foundation.users.requests import SignedInRequest

from . import permissions, services


def sign_in_or_explain(request: HttpRequest) -> HttpResponse:
    """Where those who may not enter the admin are led: to sign in, or to read why not."""
    if not request.user.is_authenticated:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse('account_login')}{'?' if query else ''}{query}")
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    # Wagtail's own words about it stand on the page already.
    list(messages.get_messages(request))
    return render(
        request,
        "marketplace/roles/no_role.html",
        {"half": permissions.half_roles_of(request.user).exists()},
        status=403,
    )


def people(request: SignedInRequest) -> HttpResponse:
    """Everybody who has a role, and the form that gives one."""
    if not permissions.can_manage_people(request.user):
        raise PermissionDenied
    form = None
    if permissions.can_invite_staff(request.user):
        form = GiveRoleForm(request.POST or None, by=request.user)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            return give(request, form.cleaned_data)
    return render(
        request,
        "marketplace/roles/people.html",
        {"people": visible_people(request.user), "form": form},
    )


def give(request, values):
    if not permissions.can_give_role(request.user, values["role"], values["municipalities"]):
        raise PermissionDenied
    assignment = services.invite_staff(by=request.user, **values)
    messages.success(
        request,
        _("%(person)s has the role %(role)s and gets a mail about it.")
        % {"person": assignment.user, "role": assignment.get_role_display()},
    )
    return redirect("staff_people")


def visible_people(user):
    """The people with roles whom `user` may know of, with `role_assignments` ready."""
    assignments = permissions.visible_assignments(user).prefetch_related("municipalities")
    found = (
        get_user_model()
        .objects.filter(role_assignments__in=assignments)
        .distinct()
        .order_by("first_name", "last_name", "pk")
        .prefetch_related(Prefetch("role_assignments", assignments), "authenticator_set")
    )
    return found


def visible_person(request, pk):
    if not permissions.can_manage_people(request.user):
        raise PermissionDenied
    return get_object_or_404(visible_people(request.user), pk=pk)


def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: roles, second factor, and leaving."""
    who = visible_person(request, pk)
    assignments = list(who.role_assignments.all())
    for each in assignments:
        each.may_take = permissions.can_take_role(request.user, each)
    context = {
        "person": who,
        "assignments": assignments,
        "has_factor": is_mfa_enabled(who),
        "reset_form": None,
        "leave_form": None,
    }
    if permissions.can_reset_factors(request.user, who):
        context["reset_form"] = ResetFactorsForm()
    if permissions.can_dismiss(request.user, who):
        context["leave_form"] = LeaveForm(colleagues=colleagues_of(who))
    return render(request, "marketplace/roles/person.html", context)


def colleagues_of(who):
    return permissions.people_with(*Role).exclude(pk=who.pk)


@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one role back."""
    assignments = permissions.visible_assignments(request.user).select_related("user")
    assignment = get_object_or_404(assignments, pk=pk)
    if not permissions.can_take_role(request.user, assignment):
        raise PermissionDenied
    try:
        services.take_role(assignment=assignment, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("staff_person", assignment.user_id)
    messages.success(
        request,
        _("%(person)s no longer has the role %(role)s.")
        % {"person": assignment.user, "role": assignment.get_role_display()},
    )
    return redirect("staff_people")


def change_municipalities(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose which municipalities a coordinator answers for. Others than one's own stay."""
    assignments = permissions.visible_assignments(request.user).select_related("user")
    assignment = get_object_or_404(assignments, pk=pk, role=Role.COORDINATOR)
    if not permissions.can_invite_staff(request.user):
        raise PermissionDenied
    own = permissions.coordinated_by(request.user)
    form = MunicipalitiesForm(
        request.POST or None,
        by=request.user,
        initial={"municipalities": assignment.municipalities.filter(pk__in=own)},
    )
    if request.method == "POST" and form.is_valid():
        kept = assignment.municipalities.exclude(pk__in=own)
        chosen = {*kept, *form.cleaned_data["municipalities"]}
        services.give_role(
            user=assignment.user, role=Role.COORDINATOR, by=request.user, municipalities=chosen
        )
        messages.success(request, _("Saved."))
        return redirect("staff_person", assignment.user_id)
    return render(
        request, "marketplace/roles/municipalities.html", {"assignment": assignment, "form": form}
    )


@require_POST
def reset_factors(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away a lost second factor."""
    who = visible_person(request, pk)
    if not permissions.can_reset_factors(request.user, who):
        raise PermissionDenied
    form = ResetFactorsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how you know that it is this person who asks."))
        return redirect("staff_person", pk)
    services.reset_factors(user=who, by=request.user, checked=form.cleaned_data["checked"])
    messages.success(
        request,
        _("%(person)s sets up a new second factor at the next sign-in.") % {"person": who},
    )
    return redirect("staff_person", pk)


@require_POST
def dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let somebody leave the staff: take all roles, hand over what only they looked after."""
    who = visible_person(request, pk)
    if not permissions.can_dismiss(request.user, who):
        raise PermissionDenied
    form = LeaveForm(request.POST, colleagues=colleagues_of(who))
    if not form.is_valid():
        messages.error(request, _("Choose somebody in the list."))
        return redirect("staff_person", pk)
    try:
        services.take_all_roles(user=who, by=request.user, successor=form.cleaned_data["successor"])
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("staff_person", pk)
    messages.success(request, _("%(person)s no longer has any roles.") % {"person": who})
    return redirect("staff_people")
