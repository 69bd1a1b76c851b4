from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users with our pages for them."""

    user_viewset = "portal.site.users.PeopleViewSet"
