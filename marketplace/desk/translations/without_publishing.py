"""Pages of Wagtail Localize without the ways to put the first language's texts online elsewhere."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail_localize.views.update_translations import (
    UpdateTranslationsForm,
    UpdateTranslationsView,
)


class FormWithoutPublishing(UpdateTranslationsForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["publish_translations"]

    def clean(self):
        return {**super().clean(), "publish_translations": False}


class UpdateTranslations(UpdateTranslationsView):
    """Bring the new texts to those who translate; what is online stays until it is reviewed."""

    def get_form(self):
        return FormWithoutPublishing(self.request.POST or None)


def no_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """An alias would show the texts in the language that they were written in."""
    raise Http404
