"""Asking for the newsletter, confirming it, changing it and ending it. Nobody has to sign in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from inspiration.newsletter import services as newsletter_services
from inspiration.newsletter.forms import CONSENT, SignUpForm, SubscriptionForm
from inspiration.newsletter.models import Subscriber
from inspiration.newsletter.services import ask, subscriber_from, subscriber_to_confirm
from portal.foundation import throttling


@csrf_exempt
@never_cache
def newsletter(request):
    """The form. It sets no cookie against forged requests: all that one could do is what anybody
    may do anyway, have a mail sent that asks whether the newsletter is wanted.
    """
    if request.method != "POST":
        return _form(request, SignUpForm(initial={"language": get_language()}))
    if "consent" not in request.POST and "language" not in request.POST:
        # From the foot of a page, where only the address is asked for.
        email = request.POST.get("email", "")[:254]
        return _form(request, SignUpForm(initial={"language": get_language(), "email": email}))
    form = SignUpForm(request.POST)
    if form.is_from_a_program:
        return redirect(f"{request.path}?tack")
    if not form.is_valid():
        return _form(request, form)
    try:
        throttling.consume_by_device("newsletter", request=request)
        ask(
            email=form.cleaned_data["email"],
            language=form.cleaned_data["language"],
            municipality=form.cleaned_data["municipality"],
            consent=str(CONSENT),
        )
    except throttling.TooOften as error:
        form.add_error(None, str(error))
        return _form(request, form, status=429)
    return redirect(f"{request.path}?tack")


def _form(request, form, status=200):
    asked = "tack" in request.GET and request.method == "GET"
    context = {"form": form, "asked": asked}
    return render(request, "inspiration/newsletter/newsletter.html", context, status=status)


@csrf_exempt
@never_cache
def confirm(request, token):
    """The link of the mail: one button, since programs that look into mail open every link."""
    subscriber = subscriber_to_confirm(token)
    if subscriber is None:
        return _expired(request)
    if request.method == "POST":
        newsletter_services.confirm(subscriber)
        messages.success(request, _("Welcome! You get the next newsletter."))
        return redirect("inspiration:subscription", token=subscriber.manage_token)
    return render(
        request, "inspiration/newsletter/newsletter_confirm.html", {"subscriber": subscriber}
    )


@csrf_exempt
@never_cache
def subscription(request, token):
    """What somebody has chosen, to change or to end. The link in each of their newsletters.

    It works for a year; each issue brings a new one. Ending it works with any of them.
    """
    subscriber = subscriber_from(token, max_age=Subscriber.MANAGE_WITHIN)
    if subscriber is None:
        return _expired(request)
    form = SubscriptionForm(request.POST or None, instance=subscriber)
    if request.method == "POST":
        if "again" in request.POST:
            newsletter_services.confirm(subscriber)
            messages.success(request, _("Welcome! You get the next newsletter."))
            return redirect(request.path)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect(request.path)
    return render(
        request,
        "inspiration/newsletter/newsletter_subscription.html",
        {"subscriber": subscriber, "form": form},
    )


@csrf_exempt
@never_cache
def unsubscribe(request, token):
    """End it: by one POST, as mail programs do it (RFC 8058), or by a button for people."""
    subscriber = subscriber_from(token)
    if subscriber is None:
        return _expired(request)
    if request.method == "POST":
        newsletter_services.unsubscribe(subscriber)
        subscriber.refresh_from_db()
    return render(
        request, "inspiration/newsletter/newsletter_unsubscribe.html", {"subscriber": subscriber}
    )


def _expired(request):
    return render(request, "inspiration/newsletter/newsletter_expired.html", status=404)
