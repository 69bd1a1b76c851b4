"""Pages and translations of pages in the queue."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState
from wagtail_localize.models import Translation

from marketplace.desk.queue.items import Answer, Item, Waiting, register
from marketplace.desk.queue.reviewed import FACES, ReviewedKind, reviewable
from marketplace.notifications.services import notify
from marketplace.review.notifier import key_for
from marketplace.roles.models import Role
from marketplace.roles.permissions import has_role
from portal.foundation.text import one_line


class PageKind(ReviewedKind):
    """Pages are written by staff: their municipality is none, their sender a person."""

    model = Page
    is_translation: bool

    def may(self, user):
        return has_role(user, Role.EDITOR)

    def waiting(self, user):
        if not self.may(user):
            return
        rows = reviewable(user).get(ContentType.objects.get_for_model(Page).pk, [])
        mine = self.mine([object_id for _pk, _since, object_id in rows])
        for pk, since, object_id in rows:
            if object_id in mine:
                yield Waiting(since=since, kind=self.name, pk=pk, object_id=object_id)

    def mine(self, object_ids: list[str]) -> set[str]:
        """Those of the pages that are translations, or those that are not."""
        if not object_ids:
            return set()
        translations = Translation.objects.filter(
            source__object=OuterRef("translation_key"), target_locale=OuterRef("locale")
        )
        pages = Page.objects.filter(pk__in=object_ids).annotate(translated=Exists(translations))
        rows = pages.filter(translated=self.is_translation).values_list("pk", flat=True)
        return {str(pk) for pk in rows}

    def things(self, object_ids):
        pages = Page.objects.filter(pk__in=object_ids).select_related(
            "latest_revision__user", "content_type", "locale", "owner"
        )
        return {str(page.pk): page for page in pages}

    def item(self, pk, thing):
        written = thing.latest_revision.content if thing.latest_revision else {}
        person = (thing.latest_revision and thing.latest_revision.user) or thing.owner
        kind = capfirst(thing.content_type.model_class()._meta.verbose_name)
        return Item(
            pk=pk,
            title=written.get("title") or thing.title,
            about=thing,
            what=_("%(kind)s, a new version") % {"kind": kind} if thing.live else kind,
            who=str(person or ""),
            where=get_language_info(thing.locale.language_code)["name_translated"],
            url=reverse("wagtailadmin_pages:edit", args=[thing.pk]),
            picture=written.get("cover"),
            seen=str(thing.latest_revision_id or ""),
        )

    def text(self, thing: Any) -> str:
        return getattr(thing, "summary", "")

    def facts(self, thing):
        written = getattr(thing, "body_text", None)
        if written is None:
            return []
        words = one_line(written())
        return [(_("Opening words"), words[:300] + ("…" if len(words) > 300 else ""))]

    def details(self, item, user):
        item.about = item.about.specific
        return super().details(item, user)

    def decide(self, *, pk, answer, words, by, seen=""):
        super().decide(pk=pk, answer=answer, words=words, by=by, seen=seen)
        if answer == Answer.REFUSE:
            tell_author(TaskState.objects.select_related("workflow_state").get(pk=pk), words)


def tell_author(state: TaskState, words: str) -> None:
    """Wagtail itself mails what else happens to a page, but not that its review was ended."""
    review = state.workflow_state
    page = review.content_object
    author = review.requested_by or page.owner
    if author:
        notify(
            users=[author],
            type="page_refused",
            key=key_for(review, "page_refused"),
            page_id=page.pk,
            page_title=page.title,
            comment=words,
        )


@register
class Pages(PageKind):
    name, icon, is_translation = "page", "doc-full-inverse", False
    label, one = gettext_lazy("Pages"), gettext_lazy("Page")
    prepared = [
        FACES,
        gettext_lazy("The summary is missing. It is shown in lists and when the page is shared."),
        gettext_lazy("A picture needs a text for those who cannot see it."),
        gettext_lazy("Please check the facts and name the source."),
    ]


@register
class Translations(PageKind):
    name, icon, is_translation = "translation", "site", True
    label, one = gettext_lazy("Translations"), gettext_lazy("Translation")
    prepared = [
        gettext_lazy("Some paragraphs are not translated yet."),
        gettext_lazy("The wording differs from the rest of this language."),
        gettext_lazy(
            "The Swedish page has changed since. Please bring the translation up to date."
        ),
    ]
