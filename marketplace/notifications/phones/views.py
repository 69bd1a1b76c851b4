"""My phone: what is shown on it, when it is left alone, and which number texts go to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.notifications.phones import push, services, sms
from marketplace.notifications.phones.forms import CodeForm, NumberForm, PushForm, QuietHoursForm
from marketplace.notifications.phones.models import PhoneNumber, QuietHours
from portal.foundation.redirects import next_url
from portal.foundation.throttling import TooOften
from portal.templatetags.portal_tags import device


def open_if(is_on):
    if not is_on:
        raise Http404


@login_required
def phone(request):
    open_if(push.is_on() or sms.is_on())
    if request.method == "POST":
        QuietHoursForm(request.POST, instance=QuietHours.of(request.user)).save()
        messages.success(request, _("Your choice is saved."))
        return redirect("marketplace:phone")
    return phone_page(request)


def phone_page(request, *, number_form=None, code_form=None):
    devices = list(request.user.push_subscriptions.signed_in()) if push.is_on() else []
    here = request.session.session_key
    context = {
        "push_is_on": push.is_on(),
        "sms_is_on": sms.is_on(),
        "devices": devices,
        "this_device": next((each for each in devices if each.session_key == here), None),
        "quiet_form": QuietHoursForm(instance=QuietHours.of(request.user)),
        "number": PhoneNumber.objects.filter(user=request.user).first(),
        "number_form": number_form or NumberForm(),
        "code_form": code_form or CodeForm(),
        "number_to_confirm": services.number_to_confirm(request.session),
    }
    return render(request, "marketplace/notifications/phone.html", context)


@login_required
@require_POST
def push_on(request):
    """Keep what a browser says about itself once its owner has said yes to it."""
    open_if(push.is_on())
    form = PushForm(request.POST)
    if form.is_valid():
        services.turn_on(
            user=request.user,
            session_key=request.session.session_key,
            device=device(request.headers.get("User-Agent", "")),
            values=form.cleaned_data,
        )
        messages.success(request, _("Notifications are now shown on this device."))
    else:
        messages.error(request, str(PushForm.UNUSABLE))
    return redirect(next_url(request) or "marketplace:phone")


@login_required
@require_POST
def push_off(request, pk):
    """Show nothing on a device any more."""
    get_object_or_404(request.user.push_subscriptions, pk=pk).delete()
    messages.success(request, _("Notifications are no longer shown on that device."))
    return redirect("marketplace:phone")


@login_required
@require_POST
def number_new(request):
    """Send a code to a number."""
    open_if(sms.is_on())
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            services.send_code(
                user=request.user, number=form.cleaned_data["number"], session=request.session
            )
        except TooOften as error:
            form.add_error("number", str(error))
        except sms.SmsFailed:
            form.add_error("number", _("The text could not be sent. Please try again later."))
        else:
            messages.success(request, _("A code is on its way to your phone."))
            return redirect("marketplace:phone")
    return phone_page(request, number_form=form)


@login_required
@require_POST
def number_confirm(request):
    open_if(sms.is_on())
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.confirm_number(
                user=request.user, code=form.cleaned_data["code"], session=request.session
            )
        except services.WrongCode as error:
            form.add_error("code", str(error))
            if services.number_to_confirm(request.session) is None:
                messages.error(request, str(error))
                return redirect("marketplace:phone")
        else:
            messages.success(request, _("Your number is confirmed."))
            return redirect("marketplace:phone")
    return phone_page(request, code_form=form)


@login_required
@require_POST
def number_remove(request):
    """Forget the number, and the one that waits to be confirmed. Safe to repeat."""
    PhoneNumber.objects.filter(user=request.user).delete()
    request.session.pop(services.KEPT, None)
    messages.success(request, _("Your number is removed. No more texts are sent."))
    return redirect("marketplace:phone")
