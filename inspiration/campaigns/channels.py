"""The links that a campaign is spread by, who takes part in it, and what came of each link.

Nothing here knows who a visitor was: a link has a number per day.
"""

import secrets

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

# Without letters and digits that are mistaken for each other when read from a poster.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code():
    """A short code for a new link."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(6))


class CampaignChannelQuerySet(models.QuerySet):
    def with_results(self):
        """With `visits`, `signed_up` and `offered`: annotations of one query."""
        visits = (
            ChannelVisits.objects.filter(channel=OuterRef("pk"))
            .order_by()
            .values("channel")
            .annotate(sum=Sum("visits"))
            .values("sum")
        )
        return self.select_related("campaign__locale").annotate(
            visits=Coalesce(Subquery(visits), 0),
            signed_up=Count("participants", distinct=True),
            offered=Count(
                "offers",
                filter=Q(offers__listing__first_published_at__isnull=False),
                distinct=True,
            ),
        )


class CampaignChannel(models.Model):
    """A tagged link to a campaign: this poster, that letter, a post in a feed."""

    class Type(models.TextChoices):
        POSTER = "poster", _("Poster")
        NEWSLETTER = "newsletter", _("Newsletter")
        SOCIAL = "social", _("Shared by visitors")
        OTHER = "other", _("Other")

    # Every campaign has one of each of these from the beginning.
    STANDARD = [Type.POSTER, Type.NEWSLETTER, Type.SOCIAL]

    campaign = models.ForeignKey(
        "inspiration.CampaignPage",
        verbose_name=_("campaign"),
        on_delete=models.CASCADE,
        related_name="channels",
    )
    type = models.CharField(
        _("kind"), max_length=12, choices=Type.choices, default=Type.OTHER, db_column="kind"
    )
    name = models.CharField(
        _("name"),
        max_length=80,
        blank=True,
        help_text=_("Where it is seen, such as “Poster in the library of Klippan”."),
    )
    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        default=new_code,
        validators=[
            RegexValidator(r"^[a-z0-9-]+$", _("Use lower-case letters a–z, digits and hyphens."))
        ],
        help_text=_("Comes after ?k= in the link. Do not change it once the link has been shared."),
        error_messages={"unique": _("Another link has this code already.")},
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CampaignChannelQuerySet.as_manager()

    panels = [FieldPanel("campaign"), FieldPanel("type"), FieldPanel("name"), FieldPanel("code")]

    class Meta:
        verbose_name = _("campaign link")
        verbose_name_plural = _("campaign links")
        ordering = ["campaign", "pk"]

    def __str__(self):
        return self.name or str(self.get_type_display())

    def link_to(self, page):
        """The address of `page`, a translation of the campaign, with the code; None if offline."""
        url = page.full_url
        return f"{url}?k={self.code}" if url else None

    @property
    def link(self):
        return self.link_to(self.campaign)


class ChannelVisits(models.Model):
    """How often a campaign was opened by a link on one day. Openings, not people."""

    channel = models.ForeignKey(CampaignChannel, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(default=timezone.localdate)
    visits = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("visits by a link")
        verbose_name_plural = _("visits by links")
        constraints = [
            models.UniqueConstraint(fields=["channel", "day"], name="channel_visits_once_a_day")
        ]

    def __str__(self):
        return f"{self.channel} {self.day}: {self.visits}"


class ChannelOffer(models.Model):
    """A listing whose giver came by a campaign's link."""

    channel = models.ForeignKey(CampaignChannel, on_delete=models.CASCADE, related_name="offers")
    listing = models.OneToOneField(
        "marketplace.MaterialListing", on_delete=models.CASCADE, related_name="campaign_offer"
    )

    class Meta:
        verbose_name = _("offer by a link")
        verbose_name_plural = _("offers by links")

    def __str__(self):
        return f"{self.channel}: {self.listing}"


class CampaignParticipant(models.Model):
    """An organisation that says in public that it takes part in a campaign."""

    campaign = models.ForeignKey(
        "inspiration.CampaignPage",
        verbose_name=_("campaign"),
        on_delete=models.CASCADE,
        related_name="participants",
    )
    organisation = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="campaigns",
    )
    signed_up_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("signed up by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    channel = models.ForeignKey(
        CampaignChannel,
        verbose_name=_("came by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="participants",
    )
    created_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)

    panels = [FieldPanel("campaign"), FieldPanel("organisation")]

    class Meta:
        verbose_name = _("organisation taking part")
        verbose_name_plural = _("organisations taking part")
        ordering = ["campaign", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                name="campaign_participant_once",
                violation_error_message=_("This organisation already takes part."),
            )
        ]

    def __str__(self):
        return f"{self.organisation} – {self.campaign}"

    def clean(self):
        super().clean()
        organisation = self.organisation if self.organisation_id else None
        if self._state.adding and organisation and not organisation.is_approved:
            raise ValidationError({"organisation": _("It has not been approved yet.")})
