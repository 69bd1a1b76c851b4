"""Searches that people keep, and what each of them has been told about."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.models import MailPreference

from .entries import SearchEntry

STOP_SALT = "search.saved_search"


class SavedSearchQuerySet(models.QuerySet):
    def of_active_people(self):
        return self.filter(user__is_active=True)

    def from_token(self, token):
        """The search that a link in a mail is about. Raises `signing.BadSignature`."""
        return self.filter(pk=signing.loads(token, salt=STOP_SALT))


class SavedSearch(models.Model):
    """A question that somebody wants to be told about when something new answers it.

    `address` is the question as the search page has it in its address, in one order, so that the
    same question is kept once. `site` is where it was asked: it decides which municipalities.
    """

    Frequency = MailPreference.Frequency
    SUMMARISED = MailPreference.SUMMARISED
    MAX_PER_PERSON = 50

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    site = models.ForeignKey(
        "wagtailcore.Site", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(max_length=1000, blank=True, editable=False)
    frequency = models.CharField(
        _("mail to me"),
        max_length=10,
        choices=[
            (Frequency.AT_ONCE, _("At once")),
            (Frequency.DAILY, _("Once a day")),
            (Frequency.WEEKLY, _("Once a week")),
            (Frequency.NEVER, _("No mail")),
        ],
        default=Frequency.AT_ONCE,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    summary_at = models.DateTimeField(_("last summary"), default=timezone.now, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"],
                name="saved_search_once_per_person",
                violation_error_message=_("You have saved this search already."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('search:search')}?{self.address}"

    @property
    def params(self):
        """The question as `SearchQuery.from_params` reads it."""
        return QueryDict(self.address)

    @property
    def stop_token(self):
        """What a link needs to change how often this search mails, without signing in."""
        return signing.dumps(self.pk, salt=STOP_SALT)


class Arrival(models.Model):
    """Something that was published and has been held against all saved searches, once for all.

    It is written in the same transaction as what the searches found, so that a restart in between
    neither loses nor repeats anything.
    """

    kind = models.CharField(max_length=12, choices=SearchEntry.Kind.choices)
    object_id = models.PositiveBigIntegerField()
    matched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="arrival_matched_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class SavedSearchHit(models.Model):
    """Something new that answers a saved search. Each reaches the person once."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=12, choices=SearchEntry.Kind.choices)
    object_id = models.PositiveBigIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its mail was written, or found to be unwanted.")
    )
    email = models.ForeignKey(
        "post_office.Email", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["search", "kind", "object_id"], name="saved_search_hit_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["search"], condition=Q(told_at=None), name="saved_search_hit_untold"
            )
        ]

    def __str__(self):
        return f"{self.search}: {self.kind} {self.object_id}"
