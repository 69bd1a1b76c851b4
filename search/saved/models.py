"""Saved searches, and the hits that each has been notified of."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.models import MailPreference
from search.index.models import SearchEntry

STOP_SALT = "search.saved_search"
# Each mail brings a new link, so that an old one ends with its year.
LINK_SECONDS = 365 * 24 * 60 * 60


class SavedSearchQuerySet(models.QuerySet):
    def of_active_people(self) -> "SavedSearchQuerySet":
        return self.filter(user__is_active=True)

    def from_token(
        self, token: str, *, max_age: int | None = LINK_SECONDS
    ) -> "SavedSearchQuerySet":
        """The search that a link in a mail is about. Raises `signing.BadSignature` when too old."""
        return self.filter(pk=signing.loads(token, salt=STOP_SALT, max_age=max_age))


class SavedSearch(models.Model):
    """A search query whose new hits somebody wants to be notified of.

    `query_string` is the question as the URL of the search page has it, in one order, so that the
    same question is kept once. `site` is where it was asked: it decides which municipalities.
    """

    Frequency = MailPreference.Frequency
    SUMMARISED = MailPreference.SUMMARISED
    MAX_PER_PERSON = 50
    QUERY_STRING_LENGTH = 1000

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    site = models.ForeignKey(
        "wagtailcore.Site", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80)
    query_string = models.CharField(
        max_length=QUERY_STRING_LENGTH, blank=True, editable=False, db_column="address"
    )
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
                fields=["user", "query_string"],
                name="saved_search_once_per_person",
                violation_error_message=_("You have saved this search already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search:search')}?{self.query_string}"

    @property
    def params(self) -> QueryDict:
        """The question as `SearchQuery.from_params` reads it."""
        return QueryDict(self.query_string)

    @property
    def stop_token(self) -> str:
        """What a link needs to change how often this search mails, without signing in."""
        return signing.dumps(self.pk, salt=STOP_SALT)


class MatchedEntry(models.Model):
    """A published entry that has been matched against all saved searches.

    It is written in the same transaction as what the searches found, so that a restart in between
    neither loses nor repeats anything.
    """

    type = models.CharField(max_length=12, choices=SearchEntry.Type.choices, db_column="kind")
    object_id = models.PositiveBigIntegerField()
    matched_at = models.DateTimeField(default=timezone.now)
    # Only its own municipality's searches: the others' turn comes when all may see it.
    at_home_only = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "search_arrival"
        constraints = [
            models.UniqueConstraint(fields=["type", "object_id"], name="arrival_matched_once")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"


class SavedSearchHit(models.Model):
    """Something new that answers a saved search. Each reaches the person once."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    type = models.CharField(max_length=12, choices=SearchEntry.Type.choices, db_column="kind")
    object_id = models.PositiveBigIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    notified_at = models.DateTimeField(
        null=True,
        blank=True,
        db_column="told_at",
        help_text=_("When its mail was written, or it was found that no mail was wanted."),
    )
    email = models.ForeignKey(
        "post_office.Email", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["search", "type", "object_id"], name="saved_search_hit_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["search"], condition=Q(notified_at=None), name="saved_search_hit_untold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.search}: {self.type} {self.object_id}"
