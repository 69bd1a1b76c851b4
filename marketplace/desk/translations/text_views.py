"""Starting the translation of a listing, a wanted ad or an idea, and sending one for review."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.desk.translations.texts import TEXT_TYPES
from marketplace.review.errors import ExchangeError
from marketplace.translations import services
from marketplace.translations.models import TranslatedText
from marketplace.translations.permissions import can_translate_texts
from marketplace.translations.source import language_in_sentence, other_languages
from portal.foundation.users.models import User

PER_PAGE = 20


def check(request: HttpRequest) -> User:
    """Who asks, if they may translate. Raises `PermissionDenied`."""
    if not can_translate_texts(request.user):
        raise PermissionDenied
    return cast(User, request.user)


def names(codes: list[str]) -> list[tuple[str, str]]:
    return [(code, language_in_sentence(code)) for code in codes]


def untranslated_texts(request: HttpRequest) -> HttpResponse:
    """What nobody has started to translate to a language, of one type, found by its title."""
    check(request)
    text_type = TEXT_TYPES.get(request.GET.get("typ", ""), TEXT_TYPES["listing"])
    languages = dict(names(other_languages()))
    if not languages:
        raise Http404
    asked = request.GET.get("sprak", "")
    language = asked if asked in languages else next(iter(languages))
    words = request.GET.get("q", "").strip()[:60]
    return render(
        request,
        "marketplace/desk/untranslated.html",
        {
            "title": _("Start a translation"),
            "page": Paginator(text_type.untranslated(language, words), PER_PAGE).get_page(
                request.GET.get("sida")
            ),
            "types": TEXT_TYPES.values(),
            "text_type": text_type,
            "languages": languages.items(),
            "language": language,
            "language_name": languages[language],
            "original_language": settings.LANGUAGE_CODE,
            "words": words,
        },
    )


def start_text(request: HttpRequest, field: str, pk: int) -> HttpResponse:
    """The languages that something can be translated to; posting one opens its translation."""
    user = check(request)
    text_type = TEXT_TYPES.get(field)
    thing = text_type and text_type.reviewed(pk)
    if not thing:
        raise Http404
    languages = names(other_languages())
    language = request.POST.get("sprak", "")
    if language not in dict(languages):
        context = {"thing": thing, "text_type": text_type, "languages": languages}
        return render(request, "marketplace/desk/start_text.html", context)
    text = services.start_translation(thing=thing, language=language, by=user)
    return redirect(text.snippet_viewset.get_url_name("edit"), text.pk)


def snippet_translation(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Where Wagtail Localize would make a row with the first language's words: start a text."""
    check(request)
    if (kwargs["app_label"], kwargs["model_name"]) != ("marketplace", "materialcategory"):
        raise Http404
    return redirect("start_text", "category", kwargs["pk"])


@require_POST
def send_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one for review."""
    user = check(request)
    text = get_object_or_404(TranslatedText, pk=pk)
    try:
        sent = services.submit_text(text=text, by=user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("“%(title)s” has been sent for review.") % {"title": sent.title}
        )
    return redirect("translation_list")
