"""The pages of the admin about one page of the site, which read once what they show."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView, PageListingMixin
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.search import SearchView
from wagtail.admin.views.pages.usage import ContentTypeUseView, UsageView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import COMMENTS_RELATION_NAME, CommentReply, Page, Revision, Task

from marketplace.review.admin import know_review
from portal.foundation.admin.usage import UsageAtOnce
from portal.foundation.pages.links import know_links, know_links_of_draft

if TYPE_CHECKING:
    Base: TypeAlias = PageListingMixin
else:
    Base = object

# Told about the pages of a list before their buttons are written.
TOLD_ABOUT_LISTS: list[Callable[[list[Any]], None]] = []


# What an edit page says of a page, whatever its draft says.
SHOWN = ("locale", "owner", "live_revision__user")


class ReadsOnce(EditView):
    """An edit page whose parts do not each ask for the page, its draft and its review again."""

    def get_object(self):
        if self.request.method != "GET":
            return super().get_object()
        record = self.real_page_record
        record.specific = self.page_class.objects.select_related(*SHOWN).get(pk=record.pk)
        record.specific.latest_revision = self.latest_revision
        revision = self.previous_revision or self.latest_revision
        if revision:
            # What it links to is read together with what its fields refer to.
            know_links_of_draft(self.page_class, revision.content)
            revision.content_object = record.specific
        draft = super().get_object()
        for name in ("locale", "owner", "live_revision"):
            setattr(draft, name, getattr(record.specific, name))
        draft.latest_revision = self.latest_revision
        draft.scheduled_revision = record.scheduled_revision
        if record.current_workflow_state:
            know_review(draft)
        else:
            draft._current_workflow_states = []
        if state := draft.current_workflow_state:
            draft.nearest_workflow = state.workflow
        know_replies(draft)
        for tell in TOLD_ABOUT_LISTS:
            tell([draft])
        return draft

    def get_translations(self):
        """As Wagtail's, of what is known of the page already."""
        others = getattr(self.page, "in_other_languages", None)
        if others is None:
            return super().get_translations()
        return [
            {"locale": each.locale, "url": reverse("wagtailadmin_pages:edit", args=[each.pk])}
            for each in others
            if each.permissions_for_user(self.request.user).can_edit()
        ]

    def get(self, request, *args, **kwargs):
        know_links(self.page, to_edit=True)
        return super().get(request, *args, **kwargs)


class PageEditView(ReadsOnce):
    pass


class PageRevertView(ReadsOnce, RevisionsRevertView):
    def get_warning_message(self):
        revision = self.previous_revision
        people = get_user_model().objects.select_related("wagtail_userprofile")
        revision.user = people.filter(pk=revision.user_id).first()
        return super().get_warning_message()


class ListAtOnce(Base):
    """For a list of pages: it asks once about all rows, whatever kinds of pages they are."""

    def annotate_queryset(self, pages):
        # A row shows nothing that only its kind of page has.
        return super().annotate_queryset(pages).specific(defer=True)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pages = list(context["object_list"])
        parent = getattr(self, "parent_page", None)
        know_tasks([parent] if parent else [], pages)
        for tell in TOLD_ABOUT_LISTS:
            tell(pages)
        return context


class PageSearchView(ListAtOnce, SearchView):
    pass


class PageTypeView(ListAtOnce, ContentTypeUseView):
    pass


class PageUsage(UsageAtOnce, UsageView):
    pass


class PageIndexView(ListAtOnce, ExplorableIndexView):
    """The list of pages below another, which asks once about that page too."""

    def get_translations(self):
        page = self.parent_page
        for tell in TOLD_ABOUT_LISTS:
            tell([page])
        others = getattr(page, "in_other_languages", None)
        if others is None:
            return super().get_translations()
        return [
            {"locale": each.locale, "url": reverse(self.index_url_name, args=[each.pk])}
            for each in others
        ]

    @cached_property
    def header_more_buttons(self):
        if not self.parent_page.is_root():
            know_review(self.parent_page)
        return super().header_more_buttons

    def get_side_panels(self):
        page = self.parent_page
        if page.is_root():
            return super().get_side_panels()
        know_revisions(page)
        draft = in_status(page)
        panel = PageStatusSidePanel(
            draft,
            self.request,
            show_schedule_publishing_toggle=False,
            live_object=page,
            scheduled_object=self.scheduled_page,
            locale=self.locale,
            translations=self.translations,
        )
        return MediaContainer([panel])


class PortalPageViewSet(PageViewSet):
    index_view_class = PageIndexView
    edit_view_class = PageEditView
    usage_view_class = PageUsage
    search_view_class = PageSearchView
    content_type_use_view_class = PageTypeView
    revisions_revert_view_class = PageRevertView


def in_status(page: Any) -> Any:
    """`page` with what the panel of its status says of the draft, without reading all of it."""
    revision = page.get_latest_revision()
    if not (revision and page.has_unpublished_changes):
        return page
    draft = copy(page)
    for name in ("go_live_at", "expire_at"):
        setattr(draft, name, page._meta.get_field(name).to_python(revision.content.get(name)))
    return draft


def know_revisions(page: Any) -> None:
    """Let `page` know the revisions that its status is about, and who made them."""
    keys = [page.latest_revision_id, page.live_revision_id]
    revisions = Revision.objects.select_related("user").in_bulk(filter(None, keys))
    page.latest_revision, page.live_revision = map(revisions.get, keys)


def know_tasks(asked: list[Any], pages: list[Any]) -> None:
    """Let each of `pages` that is reviewed know its task; those of `asked` are read already."""
    known = {task.pk: task for page in asked if (task := page.current_workflow_task)}
    states = [page.current_workflow_state for page in pages]
    waiting = [each.current_task_state for each in states if each and each.current_task_state]
    missing = {each.task_id for each in waiting} - known.keys()
    if missing:
        known |= {task.pk: task for task in Task.objects.filter(pk__in=missing).specific()}
    for state in waiting:
        state.task = known[state.task_id]


def know_replies(page: Any) -> None:
    """Let each comment of `page` know its replies, as long as it is only shown."""
    comments = list(getattr(page, COMMENTS_RELATION_NAME).all())
    replies: dict[int, list[CommentReply]] = {each.pk: [] for each in comments}
    for reply in CommentReply.objects.filter(comment__in=list(replies)).order_by("pk"):
        replies[reply.comment_id].append(reply)
    for comment in comments:
        comment.replies = replies[comment.pk]
    setattr(page, COMMENTS_RELATION_NAME, comments)


page_viewset = PortalPageViewSet(name="pages", model=Page)
