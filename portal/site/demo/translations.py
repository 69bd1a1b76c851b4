"""Translations as translators and editors meet them: one in each stage at least."""

from django.db.models import Max
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from inspiration.pages.models import ArticlePage
from inspiration.stories.models import CaseStoryPage
from marketplace.desk.translations.services import submit_translation
from marketplace.review.services import ask_for_changes
from portal.foundation.users.models import User

NEW = {
    "title": "Så packar ni en låda som håller",
    "summary": "Tungt underst, vasst inslaget och en lapp på utsidan.",
}
ASKED = "Skriv ”cardboard” hela vägen, som på de andra sidorna."


def create_translations(*, translator: User, editor: User) -> None:
    """Let some pages be kept in step with their English ones, at different stages."""
    english = Locale.objects.get(language_code="en")
    swedish = Locale.objects.get(language_code="sv")
    pages: list[Page] = [
        *ArticlePage.objects.filter(locale=swedish).order_by("pk"),
        *CaseStoryPage.objects.filter(locale=swedish).order_by("pk"),
    ]
    begin_new(pages[0], english)
    _published, changed, ready, waiting, asked = [keep_in_step(page, english) for page in pages[:5]]
    page = changed.source.get_source_instance()
    page.summary = f"{page.summary} Läs också hur det gick sedan."
    page.save_revision().publish()
    for translation in (ready, waiting, asked):
        translate_again(translation)
    for translation in (waiting, asked):
        submit_translation(translation=translation, by=translator)
    review = asked.get_target_instance().current_workflow_state
    ask_for_changes(task_state=review.current_task_state, by=editor, words=ASKED)


def begin_new(beside: Page, locale: Locale) -> None:
    """A new article beside another one, of which only the title has been translated."""
    article = beside.get_parent().add_child(
        instance=ArticlePage(locale=beside.locale, owner=beside.owner, **NEW)
    )
    article.save_revision().publish()
    translate_object(article, [locale])
    translation = Translation.objects.get(source__object_id=article.translation_key)
    title = translation.source.stringsegment_set.get(context__path="title")
    write(translation, title, "How to pack a box that holds")


def keep_in_step(page: Page, locale: Locale) -> Translation:
    """Know which text of the English page is which of the Swedish one's, all published."""
    source, _created = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=locale)
    target = translation.get_target_instance()
    texts = [each for each in extract_segments(target) if isinstance(each, StringSegmentValue)]
    segments = source.stringsegment_set.order_by("order")
    for segment, text in zip(segments, sorted(texts, key=lambda each: each.order), strict=True):
        write(translation, segment, text.string.data)
    of_target(translation).update(updated_at=target.latest_revision.created_at)
    return translation


def translate_again(translation: Translation) -> None:
    """Let a text be newer than what is online."""
    newest = of_target(translation).aggregate(pk=Max("pk"))["pk"]
    StringTranslation.objects.get(pk=newest).save()


def of_target(translation: Translation):
    return StringTranslation.objects.filter(
        locale=translation.target_locale, context__object=translation.source.object_id
    )


def write(translation: Translation, segment, text: str) -> None:
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        data=text,
    )
