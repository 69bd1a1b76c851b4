"""The admin's page "State of the system": how it is, what to do, what to try again."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from post_office.models import STATUS, Email
from wagtail import hooks

from portal.foundation.jobs import queue
from portal.foundation.jobs.models import PeriodicStep, WorkerLane
from portal.foundation.mail.delivery import CannotSendAgain
from portal.foundation.mail.delivery import send_again as send_mail_again
from portal.foundation.menus import PermittedMenuItem
from portal.site import backups, state

SHOWN = 50


def may_see(user) -> bool:
    return user.is_active and user.is_superuser


@never_cache
def system_state(request):
    """Everything that health knows, with what failed; posting tries some of it again."""
    if not may_see(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return try_again(request)
    try:
        kept = backups.listed()[:5]
    except Exception:
        # The folder or bucket is unreachable: its check reports it; show the rest.
        kept = []
    failed_mail = Email.objects.filter(status=STATUS.failed).prefetch_related("logs")
    context = {
        "findings": state.findings(),
        "jobs": queue.set_aside().order_by("-finished_at")[:SHOWN],
        "mails": failed_mail.order_by("-last_updated")[:SHOWN],
        "steps": PeriodicStep.objects.all(),
        "lanes": WorkerLane.objects.alive(),
        "backups": kept,
    }
    return render(request, "portal/admin/system_state.html", context)


def try_again(request):
    done = queue.send_again([pk for pk in request.POST.getlist("job") if is_uuid(pk)])
    chosen = [pk for pk in request.POST.getlist("mail") if pk.isdecimal()]
    for pk in Email.objects.filter(pk__in=chosen).values_list("pk", flat=True):
        with suppress(CannotSendAgain):
            send_mail_again(email_id=pk)
            done += 1
    if done:
        said = ngettext(
            "%(count)d job will be tried again.", "%(count)d jobs will be tried again.", done
        )
        messages.success(request, said % {"count": done})
    else:
        messages.warning(request, _("Choose at least one."))
    return redirect("system_state")


def is_uuid(text: str) -> bool:
    return len(text) == 36 and set(text) <= set("0123456789abcdef-")


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("lage/", system_state, name="system_state")]


@hooks.register("register_settings_menu_item")
def menu_item():
    return PermittedMenuItem(
        _("State of the system"),
        reverse("system_state"),
        name="system_state",
        icon_name="circle-check",
        order=10,
        may=may_see,
    )
