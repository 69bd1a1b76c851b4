"""People, pictures, the base of every page, and what a site owner may set without a programmer."""

import re

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Page
from wagtail.search import index

from . import structured


class UserManager(BaseUserManager):
    """Creates users who are known by their e-mail address only."""

    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True} | fields
        )

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who signs in by e-mail. What they may do follows from groups and memberships."""

    username = None
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail address.")},
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default="sv",
        help_text=_("The language of mail to this person."),
    )
    warned_inactive_at = models.DateTimeField(
        _("told that the account will be removed"), null=True, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("There is already an account with this e-mail address."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email


class CustomImage(AbstractImage):
    """A picture that always says what it shows, to those who cannot see it."""

    alt_text = models.CharField(
        _("alternative text"),
        max_length=255,
        help_text=_("Say what the picture shows, in a sentence, for those who cannot see it."),
    )
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Photographer and licence.")
    )

    admin_form_fields = (
        "title",
        "alt_text",
        "credit",
        "file",
        "collection",
        "tags",
        *tuple(field for field in Image.admin_form_fields if field.startswith("focal_point")),
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("alt_text")]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self):
        return self.alt_text


class Rendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class BasePage(Page):
    """What every page of the site has: a picture and a sentence for lists and for sharing."""

    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences, shown in lists, in search and when shared."),
    )
    cover = models.ForeignKey(
        "portal.CustomImage",
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("cover")]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2)]

    @property
    def description(self):
        """The sentence for search engines and shared links."""
        return self.search_description or self.summary

    @classmethod
    def for_cards(cls):
        """Everything that a list of cards shows, in a constant number of queries."""
        pages = cls.objects.select_related("cover", "locale").defer_streamfields()
        return pages.prefetch_related("cover__renditions")

    def breadcrumb(self):
        """The way here: [{url, title}] from the start page on, without the page itself."""
        ancestors = self.get_ancestors().filter(depth__gt=1).select_related("locale")
        return [
            {"url": page.url, "title": _("Start") if page.depth == 2 else page.title}
            for page in ancestors
        ]

    def structured(self, request):
        """The page as schema.org knows it, without its context."""
        return {
            "@type": "WebPage",
            "name": self.title,
            "description": self.description,
            "inLanguage": self.locale.language_code,
            "url": self.get_full_url(request),
        } | structured.picture(self.cover)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        way = self.breadcrumb()
        graph = [self.structured(request)]
        if way:
            graph.append(structured.breadcrumb_list(request, way, self.title))
        return context | {"breadcrumb": way, "structured": {"@graph": graph}}


# The hardest surfaces for accents to be read on, in the light and the dark scheme (`tokens.css`).
LIGHT_SURFACE = "#eee6d6"
DARK_SURFACE = "#22261f"


def relative_luminance(colour):
    """Relative luminance (0–1) of an "#rrggbb" colour, as WCAG 2.1 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(one, other):
    """WCAG 2.1 contrast ratio (1–21) between two "#rrggbb" colours."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def validate_colour(value):
    """Accept an "#rrggbb" colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Write the colour as # and six hexadecimal digits, like #1f5c4a."))


def validate_accent_colour(value):
    """Accept a colour that white text can be read on, and that can be read on our light surfaces.

    Both follow from 4.5:1 (WCAG AA) against the darkest of those.
    """
    validate_colour(value)
    if contrast_ratio(value, LIGHT_SURFACE) < 4.5:
        raise ValidationError(
            _("White text cannot be read well on this colour. Choose a darker one.")
        )


def validate_dark_accent_colour(value):
    """Accept a colour that can be read on the dark scheme's surfaces (WCAG AA, 4.5:1)."""
    validate_colour(value)
    if contrast_ratio(value, DARK_SURFACE) < 4.5:
        raise ValidationError(
            _("This colour cannot be read well on a dark background. Choose a lighter one.")
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
    ]

    class Meta:
        verbose_name = _("site settings")

    def tagline_in(self, language):
        """The tagline for readers of `language`: Swedish has its own, all others read English."""
        return self.tagline if language == "sv" else (self.tagline_en or self.tagline)


TERMS_KEY = "current-terms"


class TermsQuerySet(models.QuerySet):
    def current(self):
        """The version that is valid now, or None where there are no terms."""
        return self.filter(valid_from__lte=timezone.now()).order_by("-valid_from", "-pk").first()


class TermsVersion(models.Model):
    """What somebody agrees to who uses the portal. A change is a new version, asked about anew."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    valid_from = models.DateTimeField(
        _("valid from"),
        default=timezone.now,
        help_text=_("From then on everybody is asked to accept this version."),
    )
    text_sv = RichTextField(_("text in Swedish"))
    text_en = RichTextField(_("text in English"))
    changes_sv = models.TextField(
        _("what is new, in Swedish"),
        blank=True,
        help_text=_("A sentence or two for those who accepted the version before."),
    )
    changes_en = models.TextField(_("what is new, in English"), blank=True)
    accepted_by = models.ManyToManyField(
        User, through="TermsAcceptance", related_name="accepted_terms"
    )

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("terms of use")
        ordering = ["-number"]

    def __str__(self):
        return _("Terms of use, version %(number)d") % {"number": self.number}

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        cache.delete(TERMS_KEY)

    def clean(self):
        if self.pk and self.acceptances.exists():
            raise ValidationError(
                _("Somebody has accepted this version, so it stays as it is. Make a new version.")
            )

    @property
    def text(self):
        return self.text_en if get_language() == "en" else self.text_sv

    @property
    def changes(self):
        return self.changes_en if get_language() == "en" else self.changes_sv


class TermsAcceptance(models.Model):
    """That a person has accepted a version of the terms, and when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="terms_acceptances")
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of the terms")
        verbose_name_plural = _("acceptances of the terms")
        constraints = [
            models.UniqueConstraint(fields=["user", "terms"], name="terms_accepted_once")
        ]

    def __str__(self):
        return f"{self.user}: {self.terms}"


class RetentionRun(models.Model):
    """What the nightly job removed because its time was over. It names nobody."""

    ran_at = models.DateTimeField(_("when"), default=timezone.now)
    rule = models.CharField(_("rule"), max_length=40)
    removed = models.PositiveIntegerField(_("removed"))

    class Meta:
        verbose_name = _("removal of old data")
        verbose_name_plural = _("removals of old data")
        ordering = ["-ran_at", "rule"]
        indexes = [models.Index(fields=["rule", "-ran_at"], name="retention_run_rule")]

    def __str__(self):
        return f"{self.rule} {self.ran_at:%Y-%m-%d}: {self.removed}"
