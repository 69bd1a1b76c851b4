"""Sending a page's translation for review, and keeping it in step with what it is made from."""

from django.db import transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import Translation, TranslationSource

from marketplace.desk.translations.pages import rows, translations, with_texts
from marketplace.review.services import send_for_review
from marketplace.translations.errors import NotFinished, NothingToSend
from portal.foundation.users.models import User


@transaction.atomic
def submit_translation(*, translation: Translation, by: User) -> Page:
    """Send the translated page for review. Raises `NotFinished` and `NothingToSend`.

    What is online stays as it is until an editor has approved.
    """
    Translation.objects.select_for_update(of=("self",)).get(pk=translation.pk)
    ((_key, row),) = rows(translations().filter(pk=translation.pk))
    if row.missing:
        raise NotFinished
    if not row.may_be_sent:
        raise NothingToSend
    page = written_page(translation)
    page.save_revision(user=by)
    page = Page.objects.get(pk=page.pk).specific
    send_for_review(page, version=page, by=by)
    return page


def written_page(translation: Translation) -> Page:
    """The page with its translated texts, not saved: saving the row would put them online."""
    page = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=False
    )
    page.slug = find_available_slug(page.get_parent(), slugify(page.slug), ignore_page_id=page.pk)
    return page


def missing_texts(content: TranslatableMixin) -> int:
    """How many texts of `content` nobody has translated, where it is kept in step with another."""
    own = Translation.objects.filter(
        source__object_id=content.translation_key, target_locale=content.locale_id
    )
    return sum(with_texts(own).values_list("missing", flat=True))


def take_over(page: Page) -> None:
    """Let those who translate `page` meet its new texts; what has not changed stays translated."""
    source = TranslationSource.objects.filter(
        object_id=page.translation_key, locale=page.locale_id
    ).first()
    if source is not None:
        source.update_from_db()
