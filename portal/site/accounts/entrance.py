"""The entrance: an address, a code, and for who is new a name and a place to work."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.constants import LoginStageKey
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.stages import LoginStage
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import (
    ConfirmLoginCodeView,
    LoginView,
    RequestLoginCodeView,
    SignupView,
)
from allauth.account.views._authentication_by_code import BaseConfirmAuthenticationCodeView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from marketplace.municipalities.models import Municipality
from marketplace.offers.drafts import kept_drafts
from marketplace.organisations.models import Organisation
from portal.foundation.users.models import User
from portal.site.accounts.codes import Entrance, read_link, with_next
from portal.site.accounts.forms import CodeForm, LoginForm


class OpenAgain:
    """The entrance can be opened while a code is waited for: to write another address.

    A second factor that is waited for is still asked for first.
    """

    request: HttpRequest

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponse | None:
        if stage.key in (LoginStageKey.LOGIN_BY_CODE.value, LoginStageKey.VERIFY_EMAIL.value):
            return None
        return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]


class SignIn(OpenAgain, LoginView):
    """Where everybody comes in. Passwords and other ways are under a fold."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"code_form": CodeForm()}


class AskForCode(OpenAgain, RequestLoginCodeView):
    """Send a code to whatever address was typed."""

    template_name = "account/login.html"

    def form_valid(self, form: CodeForm) -> HttpResponse:
        process = Entrance.start(self.request, form.cleaned_data["email"])
        process.send(next_path=self.get_next_url())
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "code_form": context["form"],
            "form": LoginForm(request=self.request),
        }


class ConfirmCode(ConfirmLoginCodeView):
    """Where the code is typed."""

    _process: Entrance

    @method_decorator(never_cache)
    @method_decorator(
        login_stage_required(
            stage=LoginStageKey.LOGIN_BY_CODE.value, redirect_urlname="account_login"
        )
    )
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        process = Entrance.resume(self.stage)
        if process is None:
            return redirect(with_next(reverse("account_login"), get_next_redirect_url(request)))
        self._process = process
        # Past allauth's own, which would look for the code in the session.
        return super(BaseConfirmAuthenticationCodeView, self).dispatch(request, *args, **kwargs)

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        self._process.resend(next_path=self.get_next_url())
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if response.status_code == HTTPStatus.FOUND:
            # No tries are left.
            return redirect(with_next(reverse("account_login"), self.get_next_url()))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entrance = with_next(reverse("account_login"), self.get_next_url())
        return super().get_context_data(**kwargs) | {"cancel_url": entrance}


class Arrive(SignupView):
    """What is asked of who is new, once the address has been shown to be theirs."""

    def get_initial(self) -> dict[str, Any]:
        """Somebody who has started an offer works at a company, where it is fetched."""
        draft = kept_drafts(self.request).first()
        if draft is None:
            return super().get_initial()
        said = {name: values[0] for name, values in draft.data.items() if values}
        town = said.get("pickup_town", "")
        return super().get_initial() | {
            "type": Organisation.Type.COMPANY,
            "municipality": Municipality.objects.filter(name__iexact=town).first(),
            "address": said.get("pickup_address", ""),
            "name": said.get("contact_name", ""),
        }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        email = request.session.get("account_verified_email")
        known = email and User.objects.filter(email__iexact=email).exists()
        if not request.user.is_authenticated and (not email or known):
            return redirect(with_next(reverse("account_login"), get_next_redirect_url(request)))
        return super().dispatch(request, *args, **kwargs)


def code_elsewhere(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the mail leads: to the page that asks for the code, on this device."""
    said = read_link(token)
    if said is None:
        return redirect("account_login")
    email, next_path = said
    if request.user.is_authenticated:
        return redirect(next_path or reverse("marketplace:my_page"))
    stage = get_pending_stage(request)
    if stage is None or stage.login.email != email:
        Entrance.start(request, email)
    return redirect(with_next(reverse("account_confirm_login_code"), next_path))


sign_in = SignIn.as_view()
ask_for_code = AskForCode.as_view()
confirm_code = ConfirmCode.as_view()
arrive = Arrive.as_view()
