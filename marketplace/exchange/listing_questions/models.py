from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ListingQuestionQuerySet(models.QuerySet["ListingQuestion"]):
    def unanswered(self):
        return self.filter(answered_at=None)

    def shown(self):
        """Those that the giver lets everybody read on the listing."""
        return self.filter(is_shown=True)

    def to(self, organisation):
        return self.filter(listing__organisation=organisation)

    def with_listings(self):
        return self.select_related(
            "listing__organisation__municipality", "listing__category", "asked_by"
        ).prefetch_related("listing__photos__image__renditions")


class ListingQuestion(models.Model):
    """What a person wants to know about a listing before asking for any of it.

    It goes with the account of who asked. Everybody reads it, without the name, if the giver says
    so together with the answer.
    """

    listing = models.ForeignKey(
        "marketplace.MaterialListing",
        verbose_name=_("listing"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    asked_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("asked by"),
        on_delete=models.CASCADE,
        related_name="listing_questions",
    )
    text = models.TextField(_("question"), max_length=1000)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    is_shown = models.BooleanField(_("shown on the listing"), default=False)

    objects = ListingQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a listing")
        verbose_name_plural = _("questions about listings")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="listing_question_answered_with_words",
                violation_error_message=_("Write an answer."),
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False) | Q(answered_at__isnull=False),
                name="listing_question_shown_with_its_answer",
                violation_error_message=_("A question is shown together with its answer."),
            ),
        ]

    def __str__(self):
        return self.text[:60]
