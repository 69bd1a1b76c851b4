"""Wagtail's hooks for people and organisations: erase properly, and record who trusts whom."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.users.utils import user_can_delete_user

from marketplace.organisations.models import Organisation
from portal.foundation.audit.services import EventType, record
from portal.foundation.privacy.personal_data import LastSuperuser, erase
from portal.foundation.users.models import User
from portal.site.accounts.addresses import ask_to_confirm, is_taken

WAS_TRUSTED = "_organisation_was_trusted"


@hooks.register("before_delete_user")
def erase_instead(request: HttpRequest, user: User) -> HttpResponse | None:
    """Remove a person in the admin as they would themselves: what names them goes as well."""
    if request.method != "POST":
        return None
    if not user_can_delete_user(request.user, user):
        raise PermissionDenied
    return erase_all(request, [user])


@hooks.register("before_bulk_action")
def erase_several_instead(request: HttpRequest, action_type, objects, action):
    """The same for several people at once."""
    if action_type != "delete" or User not in action.models or request.method != "POST":
        return None
    return erase_all(request, [user for user in objects if isinstance(user, User)])


def erase_all(request: HttpRequest, users: list[User]) -> HttpResponse:
    removed = 0
    for user in users:
        try:
            erase(user, by=request.user)
        except LastSuperuser as error:
            messages.error(request, " ".join(error.messages))
        else:
            removed += 1
    if removed:
        text = ngettext(
            "%(count)d account has been removed, with everything that named the person.",
            "%(count)d accounts have been removed, with everything that named the people.",
            removed,
        )
        messages.success(request, text % {"count": removed})
    return redirect("wagtailusers_users:index")


@hooks.register("before_edit_user")
def confirm_address_first(request: HttpRequest, user: User) -> None:
    """Keep the old address until the new one has been confirmed."""
    email = request.POST.get("email", "").strip().lower()
    if request.method != "POST" or email == user.email.lower():
        return
    try:
        validate_email(email)
    except ValidationError:
        return
    if is_taken(email, but=user):
        # The form shows the error beside the field.
        return
    kept = request.POST.copy()
    kept["email"] = user.email
    request.POST = kept  # type: ignore[assignment]  # the form only reads it
    ask_to_confirm(user=user, email=email)
    text = _("We have sent a link to %(email)s. The address changes when it is opened.")
    messages.info(request, text % {"email": email})


@hooks.register("before_edit_snippet")
def note_trust(request: HttpRequest, instance) -> None:
    if isinstance(instance, Organisation):
        setattr(request, WAS_TRUSTED, instance.trusted)


@hooks.register("after_edit_snippet")
def record_trust(request: HttpRequest, instance) -> None:
    if not isinstance(instance, Organisation):
        return
    before = getattr(request, WAS_TRUSTED, instance.trusted)
    if before != instance.trusted:
        event_type = EventType.TRUSTED if instance.trusted else EventType.NOT_TRUSTED
        record(event_type, actor=request.user, target=instance)
