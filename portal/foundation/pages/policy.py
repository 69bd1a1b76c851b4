"""Who may do what with pages: Wagtail's rules, asked in fewer questions."""

from django.utils.functional import SimpleLazyObject
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy


class PagePolicy(PagePermissionPolicy):
    def explorable_root_instance(self, user):
        """What all pages lie below that `user` finds; for an administrator the first of all.

        The menu of each page of the admin asks whether there is one, and most ask no more.
        """
        if user.is_superuser and not hasattr(user, self._explorable_root_instance_cache_name):
            root = SimpleLazyObject(Page.get_first_root_node)
            setattr(user, self._explorable_root_instance_cache_name, root)
        return super().explorable_root_instance(user)
