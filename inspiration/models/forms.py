from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import FormBuilder
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from portal.models import BasePage


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
                FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]),
                FieldPanel("subject"),
            ],
            _("Mail with each answer"),
        ),
    ]

    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_footer")]

    class Meta:
        verbose_name = _("form page")
