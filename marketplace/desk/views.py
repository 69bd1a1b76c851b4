"""Admin pages of our own: the correction of a handover, the editor's guide."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem


def guide(request):
    """How to do an editor's work, on one page, in the reader's language."""
    language = "sv" if get_language().startswith("sv") else "en"
    return render(request, f"marketplace/desk/guide_{language}.html")


def guide_menu_item():
    return MenuItem(
        _("Editor's guide"), reverse("editors_guide"), icon_name="help", name="guide", order=100
    )
