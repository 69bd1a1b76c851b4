"""Whether somebody may delete a page, answered without a question where the page itself says it."""

from wagtail.models import PagePermissionTester

theirs = PagePermissionTester.can_delete


def can_delete(self: PagePermissionTester, ignore_bulk: bool = False) -> bool:
    """Wagtail's, but who may not publish may not delete a live page: nothing is asked for that.

    Wagtail looks for live pages below each row of a list. docs/upstream/can-delete.md
    """
    user = self.user
    is_limited = user.is_active and not user.is_superuser and not self.page_is_root
    if is_limited and self.page.live and "publish" not in self.permissions:
        return False
    return theirs(self, ignore_bulk)


def connect() -> None:
    PagePermissionTester.can_delete = can_delete
