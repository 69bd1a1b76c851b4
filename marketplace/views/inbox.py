"""The inbox: all that somebody was told, and how often they want it by mail."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace import notifications, tasks
from marketplace.forms.my_page import MailPreferenceForm
from marketplace.models import MailPreference

PER_PAGE = 30


@login_required
def inbox(request):
    page = Paginator(request.user.notifications.with_subjects(), PER_PAGE).get_page(
        request.GET.get("sida")
    )
    rows = [(notification, notifications.subject_of(notification)) for notification in page]
    return render(request, "marketplace/inbox.html", {"page": page, "rows": rows})


@login_required
def open_notification(request, pk):
    """Remember that somebody has seen it, and lead to what it is about."""
    notification = get_object_or_404(request.user.notifications.with_subjects(), pk=pk)
    request.user.notifications.filter(pk=pk).mark_read()
    return redirect(notifications.action_of(notification)[1])


@login_required
@require_POST
def mark_read(request):
    request.user.notifications.all().mark_read()
    return redirect("marketplace:inbox")


@login_required
def own_mail_preference(request):
    return redirect("marketplace:mail_preference", token=notifications.mute_token(request.user))


@csrf_exempt  # the secret in the address is what mail readers have for "unsubscribe" (RFC 8058)
def mail_preference(request, token):
    """How often somebody wants mail; reached from every mail, without signing in."""
    try:
        user = get_user_model().objects.get(pk=notifications.user_pk_from(token))
    except (signing.BadSignature, get_user_model().DoesNotExist) as error:
        raise Http404 from error
    preference = MailPreference.objects.filter(user=user).first() or MailPreference(user=user)
    data = request.POST or None
    if request.POST.get("List-Unsubscribe") == "One-Click":
        data = {"frequency": MailPreference.Frequency.NEVER}
    form = MailPreferenceForm(data, instance=preference)
    if request.method == "POST" and form.is_valid():
        tasks.choose_frequency(user=user, frequency=form.cleaned_data["frequency"])
        messages.success(request, _("Your choice is saved."))
        return redirect("marketplace:mail_preference", token=token)
    return render(request, "marketplace/mail_preference.html", {"form": form, "person": user})
