"""The account page: correct and export data, sign out other devices, remove the account."""

import json

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.departures.services import deletion_effects
from portal.foundation.audit.services import EventType, record
from portal.foundation.privacy.personal_data import LastSuperuser, end_sessions, erase, export
from portal.foundation.privacy.rules import RULES
from portal.foundation.users.models import User


class ProfileForm(forms.ModelForm):
    """How others know somebody, and in which language mail reaches them."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of my mail"), choices=settings.LANGUAGES
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"


class LeaveForm(forms.Form):
    """The address once more, so that nobody leaves by mistake."""

    email = forms.EmailField(label=gettext_lazy("Write your e-mail address to confirm"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self):
        if self.cleaned_data["email"].lower() != self.user.email.lower():
            raise forms.ValidationError(_("That is not the address of this account."))
        return self.cleaned_data["email"]


@login_required
@never_cache
def my_data(request):
    """Everything about one's own account, and the ways to it."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("my_data")
    # Invalid input must not show up as the person's name on the rest of the page.
    request.user.refresh_from_db()
    return render(
        request,
        "portal/site/my_data/my_data.html",
        {
            "form": form,
            "addresses": EmailAddress.objects.filter(user=request.user).order_by("-primary"),
            "sessions": UserSession.objects.purge_and_list(request.user),
            "factors": Authenticator.objects.filter(user=request.user).exclude(
                type=Authenticator.Type.RECOVERY_CODES
            ),
            "acceptances": request.user.terms_acceptances.select_related("terms").order_by(
                "-accepted_at"
            ),
            "rules": RULES.values(),
        },
    )


@login_required
@reauthentication_required
@never_cache
def export_my_data(request):
    """All that is held on the person who asks, as one JSON file."""
    record(EventType.EXPORTED, actor=request.user, target=request.user)
    response = HttpResponse(
        json.dumps(export(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
        content_type="application/json",
    )
    response["Content-Disposition"] = (
        f'attachment; filename="mina-uppgifter-{timezone.localdate()}.json"'
    )
    return response


@login_required
@require_POST
def end_session(request, pk):
    """Sign out on another device."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    session.end()
    record(EventType.SESSION_ENDED, actor=request.user, target=request.user, sessions=1)
    messages.success(request, _("That sign-in has ended."))
    return redirect("my_data")


@login_required
@require_POST
def end_other_sessions(request):
    """Sign out everywhere but here."""
    ended = end_sessions(request.user, but=request.session.session_key)
    record(EventType.SESSION_ENDED, actor=request.user, target=request.user, sessions=ended)
    messages.success(request, _("You are now signed in only here."))
    return redirect("my_data")


@login_required
@reauthentication_required
@never_cache
def leave(request):
    """Remove the account, after saying what becomes of everything."""
    form = LeaveForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            erase(request.user, by=request.user)
        except LastSuperuser as error:
            form.add_error(None, error)
        else:
            logout(request)
            messages.success(request, _("Your account has been removed. Thank you for your time."))
            return redirect("/")
    return render(
        request,
        "portal/site/my_data/leave.html",
        {"form": form, "effects": deletion_effects(request.user)},
    )
