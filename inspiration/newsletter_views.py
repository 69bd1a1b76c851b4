"""Asking for the newsletter, confirming it, changing it and ending it. Nobody has to sign in."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from . import newsletters
from .newsletter_forms import CONSENT, SignUpForm, SubscriptionForm

# So many requests for a newsletter are taken from one network address in an hour.
MOST_PER_HOUR = 20


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
    if _too_many(request):
        form.add_error(None, _("Too many have been sent from here. Please try again in an hour."))
        return _form(request, form, status=429)
    newsletters.ask(
        email=form.cleaned_data["email"],
        language=form.cleaned_data["language"],
        municipality=form.cleaned_data["municipality"],
        consent=str(CONSENT),
    )
    return redirect(f"{request.path}?tack")


def _form(request, form, status=200):
    asked = "tack" in request.GET and request.method == "GET"
    context = {"form": form, "asked": asked}
    return render(request, "inspiration/newsletter.html", context, status=status)


def _too_many(request):
    """Count in the cache under a key that does not tell the address, and forget after an hour."""
    address = request.META.get("REMOTE_ADDR", "")
    digest = sha256(f"{settings.SECRET_KEY}{address}".encode()).hexdigest()
    key = f"newsletter-{digest[:32]}"
    cache.add(key, 0, 3600)
    return cache.incr(key) > MOST_PER_HOUR


@csrf_exempt
@never_cache
def confirm(request, token):
    """The link of the mail: one button, since programs that look into mail open every link."""
    subscriber = newsletters.subscriber_to_confirm(token)
    if subscriber is None:
        return _expired(request)
    if request.method == "POST":
        newsletters.confirm(subscriber)
        messages.success(request, _("Welcome! You get the next newsletter."))
        return redirect("inspiration:subscription", token=subscriber.manage_token)
    return render(request, "inspiration/newsletter_confirm.html", {"subscriber": subscriber})


@csrf_exempt
@never_cache
def subscription(request, token):
    """What somebody has chosen, to change or to end. The link in each of their newsletters."""
    subscriber = newsletters.subscriber_from(token)
    if subscriber is None:
        return _expired(request)
    form = SubscriptionForm(request.POST or None, instance=subscriber)
    if request.method == "POST":
        if "again" in request.POST:
            newsletters.confirm(subscriber)
            messages.success(request, _("Welcome! You get the next newsletter."))
            return redirect(request.path)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect(request.path)
    return render(
        request,
        "inspiration/newsletter_subscription.html",
        {"subscriber": subscriber, "form": form},
    )


@csrf_exempt
@never_cache
def unsubscribe(request, token):
    """End it: by one POST, as mail programs do it (RFC 8058), or by a button for people."""
    subscriber = newsletters.subscriber_from(token)
    if subscriber is None:
        return _expired(request)
    if request.method == "POST":
        newsletters.unsubscribe(subscriber)
        subscriber.refresh_from_db()
    return render(request, "inspiration/newsletter_unsubscribe.html", {"subscriber": subscriber})


def _expired(request):
    return render(request, "inspiration/newsletter_expired.html", status=404)
