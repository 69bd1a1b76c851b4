import logging

from django.db import models
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import FormBuilder
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField, EmailFormMixin
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from inspiration.forms.needs import answered, needs_of, remember
from portal.foundation import throttling
from portal.foundation.mail.budget import OverBudget
from portal.foundation.mail.rendering import render_email
from portal.foundation.pages.models import BasePage
from portal.foundation.site_settings.models import SiteSettings

logger = logging.getLogger(__name__)

# What an answer may hold where the editor has set no other length, in characters.
MOST_IN_LINE = 255
MOST_IN_TEXT = 5000
THANKS = "tack"


class FormField(TranslatableMixin, AbstractFormField):
    """A question of a form. Its name in the answers is the same in every language."""

    page = ParentalKey("inspiration.FormPage", on_delete=models.CASCADE, related_name="form_fields")

    override_translatable_fields = [
        SynchronizedField("clean_name", overridable=False),
        SynchronizedField("field_type", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta, AbstractFormField.Meta):
        verbose_name = _("field")


class HonestFormBuilder(FormBuilder):
    """Answers nothing for anybody: a list begins with no choice at all."""

    def create_dropdown_field(self, field, options):
        built = super().create_dropdown_field(field, options)
        if not field.default_value:
            built.choices = [("", _("Choose one")), *built.choices]
        return built

    def create_singleline_field(self, field, options):
        return super().create_singleline_field(field, {"max_length": MOST_IN_LINE} | options)

    def create_multiline_field(self, field, options):
        return super().create_multiline_field(field, {"max_length": MOST_IN_TEXT} | options)


class FormPage(AbstractEmailForm, BasePage):
    """A survey, a test round or a contact form; answers are exported in the admin."""

    parent_page_types = ["inspiration.HomePage", "inspiration.StandardPage"]
    subpage_types: list[str] = []

    introduction = RichTextField(_("introduction"), blank=True)
    thanks = RichTextField(_("thanks"), blank=True, help_text=_("Shown once it has been sent."))

    mails_contact = models.BooleanField(
        _("somebody waits for an answer"),
        default=False,
        help_text=_(
            "Each message is mailed to the contact of the site settings. A reply goes to the one "
            "who wrote, if the form asks for an e-mail address."
        ),
    )
    show_in_footer = models.BooleanField(_("show at the foot of every page"), default=False)
    asks_for_needs = models.BooleanField(
        _("asks what is needed"),
        default=False,
        db_default=False,
        help_text=_(
            "After answering, one can turn each material that was ticked into a wanted ad with one "
            "tap."
        ),
    )

    form_builder = HonestFormBuilder
    template = "inspiration/forms/form_page.html"
    landing_page_template = "inspiration/forms/form_page_landing.html"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        InlinePanel("form_fields", label=_("Field"), heading=_("Fields")),
        FieldPanel("thanks"),
        MultiFieldPanel(
            [
                FieldPanel("mails_contact"),
                FieldPanel("asks_for_needs"),
                FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]),
                FieldPanel("subject"),
            ],
            _("Mail with each answer"),
        ),
    ]

    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("form page")

    def render_landing_page(self, request, form_submission=None, *args, **kwargs):
        if self.asks_for_needs and form_submission:
            remember(request, form_submission)
        # A page of its own, so that loading it again sends nothing.
        return redirect(f"{self.get_url(request)}?{THANKS}")

    def process_form_submission(self, form):
        # Past Wagtail's own, which mails only where an address is written on the page.
        submission = super(EmailFormMixin, self).process_form_submission(form)
        self.send_mail(form)
        return submission

    def recipients(self):
        """Whom each answer is mailed to, as a list of addresses."""
        found = [address.strip() for address in self.to_address.split(",") if address.strip()]
        contact = SiteSettings.for_site(self.get_site()).contact_email
        if self.mails_contact and contact and contact not in found:
            found.append(contact)
        return found

    def serve_preview(self, request, mode_name):
        """The form, or what is read by those who have sent it."""
        if mode_name == "landing":
            return super().render_landing_page(request)
        return super().serve_preview(request, mode_name)

    def serve(self, request, *args, **kwargs):
        """The form; an answer that comes too often is shown again with everything that it says."""
        if request.method == "GET" and THANKS in request.GET:
            response = super().render_landing_page(request, *args, **kwargs)
            if self.asks_for_needs and (submission := answered(request)):
                response.context_data["needs"] = needs_of(submission)
            return response
        if request.method == "POST":
            form = self.get_form(request.POST, request.FILES, page=self, user=request.user)
            if form.is_valid():
                try:
                    throttling.consume_by_device("form_page", request=request)
                except throttling.TooOften as error:
                    form.add_error(None, str(error))
                    context = self.get_context(request) | {"form": form}
                    template = self.get_template(request)
                    return TemplateResponse(request, template, context, status=429)
        return super().serve(request, *args, **kwargs)

    def send_mail(self, form):
        recipients = self.recipients()
        if not recipients:
            return
        asked = [
            form.cleaned_data[field.clean_name]
            for field in self.get_form_fields()
            if field.field_type == "email" and form.cleaned_data.get(field.clean_name)
        ]
        for recipient in recipients:
            message = render_email(
                to=recipient, subject=self.subject or self.title, body=self.render_email(form)
            )
            message.from_email = self.from_address or message.from_email
            message.reply_to = asked[:1]
            message.queued_with = {"named_by_staff": True}
            try:
                message.send()
            except OverBudget:
                # The answer is kept and read in the admin.
                logger.warning("Answers to form page %s are not mailed for a while.", self.pk)
