"""People, pictures, the base of every page, and what a site owner may set without a programmer."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.foundation.colours import validate_accent_colour, validate_dark_accent_colour


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
        help_text=_("Buttons and links. Left empty, the portal's own colour is used."),
    )
    accent_colour_dark = models.CharField(
        _("accent colour in the dark"),
        max_length=7,
        blank=True,
        validators=[validate_dark_accent_colour],
        help_text=_("The same for those whose device shows light text on a dark background."),
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
    answer_within_days = models.PositiveSmallIntegerField(
        _("answer within, in working days"),
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_(
            "What has waited longer in the queue goes to the next editor, after as long again to "
            "the coordinator, and is counted for the steering group each week."
        ),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("tagline"), FieldPanel("tagline_en")], _("Name")
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
            ],
            _("Contact"),
        ),
        FieldPanel("answer_within_days"),
    ]

    class Meta:
        verbose_name = _("site settings")

    def tagline_in(self, language):
        """The tagline for readers of `language`: Swedish has its own, all others read English."""
        return self.tagline if language == "sv" else (self.tagline_en or self.tagline)
