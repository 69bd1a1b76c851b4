"""The list of sent mail in the admin."""

from django.contrib import admin
from django.contrib.admin.filters import DateFieldListFilter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from post_office.models import STATUS, Email
from wagtail_modeladmin.helpers import ButtonHelper

from portal.foundation.admin.records import RecordIndexView, Records
from portal.foundation.mail import delivery

# It refers to nothing that the admin shows the use of: each mail left a job to find that out.
Email.wagtail_reference_index_ignore = True


class SendAgainButton(ButtonHelper):
    """A way to send a mail again beside each that has not arrived."""

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if delivery.may_send(obj):
            buttons.append(
                {
                    "url": reverse("send_mail_again", args=[obj.pk]),
                    "label": _("Send again"),
                    "classname": self.finalise_classname(["button-secondary"]),
                    "title": _("Send this mail again"),
                }
            )
        return buttons


class CreatedFilter(DateFieldListFilter):
    """The days on which mail was made; post_office calls them in English in every language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("Created")


class EmailIndexView(RecordIndexView):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.page_title = self.verbose_name_plural = _("Sent mail")


class EmailAdmin(Records):
    """Mail that the portal has sent or tries to send, and why it has not."""

    model = Email
    menu_label = _("Sent mail")
    menu_icon = "mail"
    index_view_class = EmailIndexView
    button_helper_class = SendAgainButton
    inspect_view_fields = (
        "receiver",
        "subject",
        "text",
        "state",
        "answer",
        "tries",
        "made_at",
        "changed_at",
    )
    list_display = ("made_at", "receiver", "subject", "state", "answer", "tries")
    list_export = (*list_display, "changed_at")
    export_filename = "mejl"
    list_filter = ("status", ("created", CreatedFilter))
    search_fields = ("subject", "to")

    def rows(self, request):
        return super().rows(request).prefetch_related("logs")

    # What post_office calls them is English in every language.
    @admin.display(description=_("To"), ordering="to")
    def receiver(self, row):
        return ", ".join(row.to)

    @admin.display(description=_("Status"), ordering="status")
    def state(self, row):
        return row.get_status_display()

    @admin.display(description=_("Tries"), ordering="number_of_retries")
    def tries(self, row):
        return row.number_of_retries

    @admin.display(description=_("Created"), ordering="created")
    def made_at(self, row):
        return row.created

    @admin.display(description=_("Last changed"), ordering="last_updated")
    def changed_at(self, row):
        return row.last_updated

    @admin.display(description=_("Answer from the mail server"))
    def answer(self, row):
        """Why the mail has not arrived, in the words of the server that was tried last."""
        failures = [log for log in row.logs.all() if log.status != STATUS.sent]
        if row.status == STATUS.sent or not failures:
            return "–"
        last = max(failures, key=lambda log: log.date)
        return f"{last.exception_type} {last.message}"[:200]

    @admin.display(description=_("Message"))
    def text(self, row):
        """What it says; a code lets its reader in, and is for nobody else."""
        return _("A sign-in code, not shown here.") if row.expires_at else row.message
