"""An item of the admin's menu for those who may see what it leads to."""

from wagtail.admin.menu import MenuItem


class PermittedMenuItem(MenuItem):
    """Shown to the users of whom `may(user)` is true."""

    def __init__(self, *args, may, **kwargs):
        self.may = may
        super().__init__(*args, **kwargs)

    def is_shown(self, request):
        return self.may(request.user)
