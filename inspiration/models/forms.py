from django.core.mail import EmailMessage
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import FormBuilder
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField, EmailFormMixin
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from portal.models import BasePage, SiteSettings


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


class FormPage(AbstractEmailForm, BasePage):
    """A survey, a test round or a contact form; answers are exported in the admin."""

    introduction = RichTextField(_("introduction"), blank=True)
    thanks = RichTextField(_("thanks"), blank=True, help_text=_("Shown when it has been sent."))

    mails_contact = models.BooleanField(
        _("somebody waits for an answer"),
        default=False,
        help_text=_(
            "Each message is mailed to the contact of the site settings. A reply goes to the one "
            "who wrote, if the form asks for an e-mail address."
        ),
    )
    show_in_footer = models.BooleanField(_("show at the foot of every page"), default=False)

    form_builder = HonestFormBuilder
    template = "inspiration/form_page.html"
    landing_page_template = "inspiration/form_page_landing.html"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        InlinePanel("form_fields", label=_("Field"), heading=_("Fields")),
        FieldPanel("thanks"),
        MultiFieldPanel(
            [
                FieldPanel("mails_contact"),
                FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]),
                FieldPanel("subject"),
            ],
            _("Mail with each answer"),
        ),
    ]

    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("form page")

    def get_submissions_list_view_class(self):
        from inspiration.answers import AnswersView

        return AnswersView

    def process_form_submission(self, form):
        # Past Wagtail's own, which mails only where an address is written on the page.
        submission = super(EmailFormMixin, self).process_form_submission(form)
        if self.recipients():
            self.send_mail(form)
        return submission

    def recipients(self):
        """Whom each answer is mailed to, as a list of addresses."""
        found = [address.strip() for address in self.to_address.split(",") if address.strip()]
        contact = SiteSettings.for_site(self.get_site()).contact_email
        if self.mails_contact and contact and contact not in found:
            found.append(contact)
        return found

    def send_mail(self, form):
        asked = [
            form.cleaned_data[field.clean_name]
            for field in self.get_form_fields()
            if field.field_type == "email" and form.cleaned_data.get(field.clean_name)
        ]
        EmailMessage(
            self.subject or self.title,
            self.render_email(form),
            self.from_address or None,
            self.recipients(),
            reply_to=asked[:1],
        ).send()
