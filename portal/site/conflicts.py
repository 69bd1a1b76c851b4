"""Concurrent edits in the admin: warn the second person and keep what both wrote."""

from django.contrib import messages
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, RevisionMixin

from marketplace.review.errors import AlreadyDecided, NotSettled, WordsMissing


class TellWhyNotDecided:
    """An editor whose decision cannot be taken reads why, instead of "done"."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, AlreadyDecided | NotSettled | WordsMissing):
            return None
        messages.warning(request, str(exception))
        to = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure()):
            to = reverse("wagtailadmin_home")
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": to})
        return HttpResponseRedirect(to)


def saved_meanwhile(request, thing):
    """The newest version that somebody else saved since the form was opened, or None."""
    opened = request.POST.get("loaded_revision_id", "")
    if not opened.isdecimal():
        return None
    others = thing.revisions.filter(pk__gt=int(opened)).exclude(user=request.user)
    return others.select_related("user").order_by("-pk").first()


def compare_url(thing, theirs, mine):
    """Where the two versions stand side by side, or "" where there is no such page."""
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:revisions_compare", args=[thing.pk, theirs.pk, mine.pk])
    edit = AdminURLFinder().get_edit_url(thing)
    name = thing.snippet_viewset.get_url_name("revisions_compare") if edit else ""
    try:
        return reverse(name, args=[thing.pk, theirs.pk, mine.pk])
    except NoReverseMatch:
        return ""


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def warn_of_other_version(request, thing):
    """Say that somebody else saved too; both versions are in the history, side by side."""
    if not isinstance(thing, Page | RevisionMixin):
        return
    theirs = saved_meanwhile(request, thing)
    mine = thing.latest_revision
    if theirs is None or mine is None or theirs.pk >= mine.pk:
        return
    said = _("%(person)s saved another version while you were writing. Yours is now the latest.")
    text = said % {"person": theirs.user or _("Somebody else")}
    link = compare_url(thing, theirs, mine)
    if link:
        text = format_html('{} <a href="{}">{}</a>', text, link, _("Compare the two"))
    messages.warning(request, text)
