"""People, pictures, the base of every page, and what a site owner may set without a programmer."""

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Value
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.foundation.colours import validate_accent_colour, validate_dark_accent_colour


class LanguagesField(models.JSONField):
    """Codes of some of the portal's languages, chosen by ticking."""

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            required=not self.blank,
            choices=settings.LANGUAGES,
            widget=forms.CheckboxSelectMultiple,
        )


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """Name, look and contact of one site, so that another region can run it without code."""

    name = models.CharField(_("name"), max_length=80, default="Återbruksportalen")
    tagline = models.CharField(
        _("tagline"),
        max_length=160,
        blank=True,
        help_text=_("A short sentence under the name, in Swedish."),
    )
    admin_title = models.CharField(
        _("title of the admin"),
        max_length=80,
        blank=True,
        db_default="",
        default="",
        help_text=_("What staff read at the top of the admin. If left empty, the name is used."),
    )
    tagline_en = models.CharField(_("tagline in English"), max_length=160, blank=True)
    logo = models.ForeignKey(
        "portal.CustomImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[validate_accent_colour],
        help_text=_("Buttons and links. If left empty, the portal's own colour is used."),
    )
    accent_colour_dark = models.CharField(
        _("accent colour in the dark"),
        max_length=7,
        blank=True,
        validators=[validate_dark_accent_colour],
        help_text=_("The same for people whose device shows light text on a dark background."),
    )
    social_picture = models.ForeignKey(
        "portal.CustomImage",
        verbose_name=_("social picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when a page without a picture of its own is shared."),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(
        _("contact telephone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9 +()-]+$", _("Write digits, spaces, + and -."))],
    )
    sender_email = models.EmailField(
        _("sender of mail"),
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "The address that mail comes from. The mail server must be allowed to "
            "send for it. If left empty, the installation's address is used."
        ),
    )
    languages = LanguagesField(
        _("languages"),
        default=list,
        db_default=Value([], models.JSONField()),
        blank=True,
        help_text=_("What visitors can choose between. With none chosen, all of them."),
    )
    answer_within_days = models.PositiveSmallIntegerField(
        _("answer within, in working days"),
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_(
            "Anything that has waited longer in the queue goes to the next editor, "
            "after as long again to the coordinator, and is counted for the steering "
            "group each week."
        ),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("admin_title"),
                FieldPanel("tagline"),
                FieldPanel("tagline_en"),
                FieldPanel("languages"),
            ],
            _("Name"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("logo"),
                FieldRowPanel([FieldPanel("accent_colour"), FieldPanel("accent_colour_dark")]),
                FieldPanel("social_picture"),
            ],
            _("Look"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("contact_name"),
                FieldPanel("contact_email"),
                FieldPanel("contact_phone"),
                FieldPanel("sender_email"),
            ],
            _("Contact"),
        ),
        FieldPanel("answer_within_days"),
    ]

    class Meta:
        verbose_name = _("site settings")

    @property
    def title_of_admin(self):
        return self.admin_title or self.name

    def offers(self, language):
        """Whether visitors can choose `language` here."""
        return not self.languages or language in self.languages

    def tagline_in(self, language):
        """The tagline for readers of `language`: Swedish has its own, all others read English."""
        return self.tagline if language == "sv" else (self.tagline_en or self.tagline)
