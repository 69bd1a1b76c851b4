"""Translated texts in the admin: the page on which one is written."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView

from marketplace.review.admin import ReviewedEditView, ReviewedViewSet
from marketplace.translations.models import TranslatedText
from marketplace.translations.panels import OriginalPanel
from marketplace.translations.permissions import can_translate_texts
from marketplace.translations.services import field_of
from marketplace.translations.source import DETAILS

SENDS = {"action-submit", "action-publish", "action-restart-workflow"}


class TranslatedTextForm(WagtailAdminModelForm):
    """The words, and in `seen` which original its writer has had before them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.original = self.instance.source
        self.fields["seen"].initial = self.original.digest
        words = dict(self.original.details)
        for name in DETAILS:
            if not words.get(name):
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != self.original.digest:
            self.add_error(None, _("The original has changed meanwhile. Read it once more."))
            form: Any = self
            form.data = form.data.copy()
            form.data[self.add_prefix("seen")] = self.original.digest
        for name, words in [("text", self.original.text), *self.original.details]:
            if self.is_sent and words and not cleaned.get(name):
                self.add_error(name, _("This text is not translated yet."))
        return cleaned

    @property
    def is_sent(self) -> bool:
        """Whether it is sent for review, approved or published, and not only saved."""
        approved = self.data.get("workflow-action-name") == "approve"
        return approved or not SENDS.isdisjoint(self.data)

    def save(self, commit=True):
        self.instance.source_digest = self.original.digest
        return super().save(commit=commit)


class NoCreateView(CreateView):
    """A translation is started from what is to be translated."""

    def dispatch(self, request, *args, **kwargs):
        raise PermissionDenied


class TranslatedTextViewSet(ReviewedViewSet):
    model = TranslatedText
    icon = "site"
    menu_label = _("Translated texts")
    menu_name = "translated-texts"
    add_to_admin_menu = True
    add_view_class = NoCreateView
    list_display = ["title", "language_code", "created_by", "live"]
    search_fields = ["title", "text"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [OriginalPanel(), *map(FieldPanel, ("title", "text", *DETAILS))]

    def get_edit_handler(self):
        handler = ObjectList(self.panels, base_form_class=TranslatedTextForm)
        return handler.bind_to_model(self.model)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.with_things().select_related("created_by")


class TranslatableEditView(ReviewedEditView):
    """The edit page of something that can be translated, with the way to do so."""

    @cached_property
    def header_more_buttons(self):
        buttons = list(super().header_more_buttons)
        if self.object.live and can_translate_texts(self.request.user):
            address = reverse("start_text", args=[field_of(self.object), self.object.pk])
            buttons.append(Button(_("Translate"), url=address, icon_name="site", priority=30))
        return buttons
