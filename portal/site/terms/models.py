"""Terms of use and who accepted them."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from portal.foundation.users.models import User

TERMS_KEY = "current-terms"


class TermsQuerySet(models.QuerySet):
    def current(self):
        """The version that is valid now, or None where there are no terms."""
        return self.filter(valid_from__lte=timezone.now()).order_by("-valid_from", "-pk").first()


class TermsVersion(models.Model):
    """The terms of use. A change is a new version, which people accept again."""

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
