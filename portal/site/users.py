"""Wagtail's users in the admin, with rights that come from roles alone."""

from typing import TYPE_CHECKING, TypeAlias

from django.contrib.auth import get_user_model
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction
from wagtail.users.views.users import IndexView, UserViewSet

from portal.foundation.admin.usage import ModelUsage
from portal.foundation.exports.views import ExportMixin

RIGHTS = ("groups", "is_superuser")


if TYPE_CHECKING:
    Base: TypeAlias = UserEditForm
else:
    Base = object


class RightsFromRoles(Base):
    """For a form of a user: show the rights, and take none of what is sent for them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RIGHTS:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Follows from the roles: see People and roles.")


class PersonCreationForm(RightsFromRoles, UserCreationForm):
    pass


class PersonEditForm(RightsFromRoles, UserEditForm):
    pass


class PeopleIndexView(ExportMixin, IndexView):
    """The list of people, with a file that says what it shows."""


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleIndexView
    usage_view_class = ModelUsage
    list_export = ["email", "first_name", "last_name", "is_superuser", "is_active", "last_login"]
    export_filename = "personer"

    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm


class GiveRoles(UserBulkAction):
    """In place of Wagtail's own, which puts people into groups: leads to where roles are given."""

    models = [get_user_model()]
    display_name = _("Give roles")
    action_type = "assign_role"
    aria_label = _("Give roles to people")
    action_priority = 30

    def check_perm(self, user):
        return self.request.user.is_superuser

    def dispatch(self, request, *args, **kwargs):
        return redirect("staff_people")
