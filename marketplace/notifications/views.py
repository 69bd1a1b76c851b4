"""The inbox: a person's notifications, and how often they want them by mail."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.notifications.delivery import action_of, mute_token, subject_of, user_pk_from
from marketplace.notifications.digests import choose_frequency
from marketplace.notifications.forms import MailPreferenceForm
from marketplace.notifications.models import MailPreference

PER_PAGE = 30


@login_required
def inbox(request):
    page = Paginator(request.user.notifications.with_subjects().with_pictures(), PER_PAGE).get_page(
        request.GET.get("sida")
    )
    rows = [(notification, subject_of(notification)) for notification in page]
    return render(request, "marketplace/notifications/inbox.html", {"page": page, "rows": rows})


@login_required
def open_notification(request, pk):
    """Remember that somebody has seen it, and lead to what it is about."""
    notification = get_object_or_404(request.user.notifications.with_subjects(), pk=pk)
    request.user.notifications.filter(pk=pk).mark_read()
    return redirect(action_of(notification)[1])


@login_required
@require_POST
def mark_read(request):
    request.user.notifications.all().mark_read()
    return redirect("marketplace:inbox")


@login_required
def own_mail_preference(request):
    return redirect("marketplace:mail_preference", token=mute_token(request.user))


@csrf_exempt  # the secret in the address is what mail readers have for "unsubscribe" (RFC 8058)
def mail_preference(request, token):
    """How often somebody wants mail; reached from every mail, without signing in.

    A link that is older than a year only ends mail, at one click; else it asks to sign in.
    """
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    age = {"max_age": None} if one_click else {}
    try:
        user = get_user_model().objects.get(pk=user_pk_from(token, **age))
    except signing.SignatureExpired:
        return redirect("marketplace:own_mail_preference")
    except (signing.BadSignature, get_user_model().DoesNotExist) as error:
        raise Http404 from error
    preference = MailPreference.objects.filter(user=user).first() or MailPreference(user=user)
    data = request.POST or None
    if one_click:
        data = {"frequency": MailPreference.Frequency.NEVER}
    form = MailPreferenceForm(data, instance=preference)
    if request.method == "POST" and form.is_valid():
        choose_frequency(user=user, frequency=form.cleaned_data["frequency"])
        if one_click:
            # A mail program asks, which follows no redirects (RFC 8058, 3.1).
            return HttpResponse(_("Your choice is saved."), content_type="text/plain")
        messages.success(request, _("Your choice is saved."))
        return redirect("marketplace:mail_preference", token=token)
    return render(
        request, "marketplace/notifications/mail_preference.html", {"form": form, "person": user}
    )
