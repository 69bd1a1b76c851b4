"""Terms of use and who accepted them."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Site

from portal.foundation.users.models import User


def terms_key(site):
    """Where it is kept which terms are valid on `site`."""
    return f"current-terms:{site.pk if site else ''}"


class TermsQuerySet(models.QuerySet):
    def current(self, site=None):
        """The version that is valid now on `site`, or None where there are no terms.

        A site without terms of its own has those of all sites.
        """
        valid = self.filter(valid_from__lte=timezone.now()).order_by("-valid_from", "-pk")
        own = valid.filter(site=site).first() if site else None
        return own or valid.filter(site=None).first()


class TermsVersion(models.Model):
    """The terms of use. A change is a new version, which people accept again."""

    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("If left empty, it applies to all sites that have no terms of their own."),
    )
    number = models.PositiveSmallIntegerField(_("version"))
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
        User,
        verbose_name=_("accepted by"),
        through="TermsAcceptance",
        related_name="accepted_terms",
    )

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("terms of use")
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(site=None),
                name="terms_number_once",
                violation_error_message=_("There is a version with that number already."),
            ),
            models.UniqueConstraint(
                fields=["site", "number"],
                name="terms_number_once_per_site",
                violation_error_message=_("There is a version with that number already."),
            ),
        ]

    def __str__(self):
        return _("Terms of use, version %(number)d") % {"number": self.number}

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        cache.delete_many([terms_key(None), *map(terms_key, Site.objects.all())])

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
