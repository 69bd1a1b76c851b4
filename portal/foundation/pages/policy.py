"""Who may do what with pages: Wagtail's rules, asked in fewer questions."""

from django.utils.functional import SimpleLazyObject
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy


class PagePolicy(PagePermissionPolicy):
    def explorable_root_instance(self, user):
        """What all pages lie below that `user` finds; for an administrator the first of all.

        The menu of each page of the admin asks whether there is one, and most ask no more.
        """
        if not hasattr(user, self._explorable_root_instance_cache_name):
            root = self.known_root(user)
            if root is not None:
                setattr(user, self._explorable_root_instance_cache_name, root)
        return super().explorable_root_instance(user)

    def explorable_instances(self, user):
        """As Wagtail's; rights on the first of all pages are rights on all, so it need not look."""
        if user.is_active and not user.is_superuser and (root := self.known_root(user)):
            return self.model._default_manager.descendant_of(root, inclusive=True)
        return super().explorable_instances(user)

    def known_root(self, user):
        """The first of all pages, for those who have rights on it; Wagtail would look for it."""
        if user.is_superuser:
            return SimpleLazyObject(Page.get_first_root_node)
        pages = self.instances_with_direct_explore_permission(user)
        return next((page for page in pages if page.depth == 1), None)
