"""Questions to givers: "a school looks for this, do you have some?"."""

from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SALT = "giver question"


class GiverQuestion(models.Model):
    """A wanted ad that a likely giver has been asked about, once, and the answer."""

    class Answer(models.TextChoices):
        HAVE = "have", _("Yes, we have some")
        NOT_NOW = "not_now", _("Not now")
        NEVER = "never", _("Never this")

    wanted_ad = models.ForeignKey(
        "marketplace.WantedAd", on_delete=models.CASCADE, related_name="questions"
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="giver_questions",
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("question to a giver")
        verbose_name_plural = _("questions to givers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wanted_ad", "organisation"], name="giver_asked_once_per_ad"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="giver_answer_has_its_moment",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.wanted_ad}"

    def get_absolute_url(self):
        return reverse("marketplace:giver_question", args=[self.token])

    @property
    def token(self):
        """What the link in the mail holds."""
        return signing.dumps(self.pk, salt=SALT)


class NeverAsked(models.Model):
    """A category that an organisation never has, and is not asked about again."""

    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.CASCADE, related_name="never_asked"
    )
    category = models.ForeignKey(
        "marketplace.MaterialCategory", on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("category never asked about")
        verbose_name_plural = _("categories never asked about")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "category"], name="never_asked_once")
        ]

    def __str__(self):
        return f"{self.organisation}: {self.category}"
