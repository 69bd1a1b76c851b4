"""Days that people come to: hand-out days, openings, workshops and study visits, with bookings."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail_localize.fields import SynchronizedField

from inspiration.pages.models import TaggedPage
from marketplace.impact import figures
from marketplace.occasions.models import period


class EventPage(RoutablePageMixin, TaggedPage):
    """Something that happens at a place and a time, to which organisations book.

    The translations of an event are one event: bookings belong to the page in the site's main
    language (`main`). What is booked is not on this row, which is revisioned, but in
    `marketplace.occasions`.
    """

    class EventType(models.TextChoices):
        HAND_OUT = "hand_out", _("Hand-out day")
        OPENING = "opening", _("Opening")
        WORKSHOP = "workshop", _("Workshop")
        STUDY_VISIT = "study_visit", _("Study visit")

    event_type = models.CharField(
        _("kind"), max_length=12, choices=EventType.choices, default=EventType.HAND_OUT
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    venue = models.CharField(
        _("venue"),
        max_length=120,
        help_text=_("For example, “The reuse store” or a company's name."),
    )
    address = models.CharField(_("address"), max_length=160, blank=True)
    town = models.CharField(_("town"), max_length=60, blank=True)
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    host = models.ForeignKey(
        "marketplace.Organisation",
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The organisation that gives on the day. What it hands over then is the result of a "
            "hand-out day, counted from the ledger."
        ),
    )
    campaign = models.ForeignKey(
        "inspiration.CampaignPage",
        verbose_name=_("part of a campaign"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    places = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many people can come. If left empty, nobody needs to book."),
    )
    most_per_booking = models.PositiveSmallIntegerField(
        _("maximum places per organisation"), default=4, validators=[MinValueValidator(1)]
    )
    book_until = models.DateTimeField(
        _("latest time to book"),
        null=True,
        blank=True,
        help_text=_("If left empty, until it starts."),
    )
    called_off = models.BooleanField(
        _("called off"), default=False, help_text=_("Everybody who has booked is notified once.")
    )

    parent_page_types = ["inspiration.InspirationIndexPage"]
    subpage_types: list[str] = []
    template = "inspiration/events/event_page.html"
    content_panels = [
        *TaggedPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("event_type"),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("venue"),
                FieldRowPanel([FieldPanel("address"), FieldPanel("town")]),
                FieldPanel("municipality"),
                FieldPanel("host"),
                FieldPanel("called_off"),
            ],
            _("When and where"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("places"), FieldPanel("most_per_booking")]),
                FieldPanel("book_until"),
            ],
            _("Booking"),
        ),
        PageChooserPanel("campaign", "inspiration.CampaignPage"),
        FieldPanel("tags"),
    ]
    override_translatable_fields = [
        SynchronizedField("event_type"),
        SynchronizedField("venue"),
        SynchronizedField("address"),
        SynchronizedField("town"),
        SynchronizedField("campaign"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def clean(self):
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It cannot end before it starts.")})

    @classmethod
    def for_page(cls):
        return super().for_page().select_related("municipality", "host", "campaign")

    # --- When and where ----------------------------------------------------------------------

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def when(self):
        """Day and hours as people say them, in the active language."""
        return period(self.starts_at, self.ends_at)

    @property
    def where(self):
        return ", ".join(filter(None, [self.venue, self.address, self.town]))

    @property
    def day(self):
        return timezone.localdate(self.starts_at)

    @property
    def card_meta(self):
        """What cards in lists say besides title and summary."""
        return [capfirst(self.when), self.where]

    # --- Places ------------------------------------------------------------------------------

    @property
    def occasion(self):
        """What is booked of it, or None where nobody needs to book."""
        link = EventOccasion.objects.filter(event=self.main).select_related("occasion").first()
        return link.occasion if link and self.main.places else None

    # --- What came of it ---------------------------------------------------------------------

    @property
    def kilograms(self):
        """What the host handed over on the days of a hand-out day, from the ledger, or None."""
        main = self.main
        if main.host is None or main.event_type != self.EventType.HAND_OUT:
            return None
        period = figures.Period(main.day, timezone.localdate(main.ends_at))
        given = figures.handovers(period=period, giver=main.host)
        return figures.amounts(given)["mass_kg"] or None

    @property
    def fallback_illustration(self):
        return "kampanj"

    def search_values(self):
        """Found by place and kind as well, and until it is over."""
        values = super().search_values()
        place = self.municipality
        words = [self.get_event_type_display(), self.venue, self.town, place and place.name]
        values["keywords"] = " ".join(filter(None, map(str, [values["keywords"], *words])))
        values["summary"] = f"{capfirst(self.when)}. {self.summary}"
        values["body"] = f"{self.where} {values['body']}"
        values["available_until"] = timezone.localdate(self.ends_at)
        if place:
            values["municipality"] = place.slug
        if self.town:
            values |= {"area": slugify(self.town)[:60], "area_name": self.town[:60]}
        return values

    def structured(self, request):
        """The event as schema.org knows it."""
        status = "EventCancelled" if self.called_off else "EventScheduled"
        address = {
            "@type": "PostalAddress",
            "streetAddress": self.address,
            "addressLocality": self.town or str(self.municipality or ""),
            "addressCountry": "SE",
        }
        occasion = self.occasion
        return super().structured(request) | {
            "@type": "Event",
            "name": self.title,
            "description": self.description or self.summary,
            "startDate": timezone.localtime(self.starts_at).isoformat(),
            "endDate": timezone.localtime(self.ends_at).isoformat(),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "isAccessibleForFree": True,
            "location": {"@type": "Place", "name": self.venue, "address": address},
            "organizer": {
                "@type": "Organization",
                "name": str(self.host or super().structured(request)["publisher"]["name"]),
            },
            "offers": {
                "@type": "Offer",
                "price": "0",
                "priceCurrency": "SEK",
                "url": self.get_full_url(request),
                "availability": "https://schema.org/SoldOut"
                if occasion and occasion.left == 0
                else "https://schema.org/InStock",
            },
        }


class EventOccasion(models.Model):
    """The bookable time of an event, beside the page because the page is revisioned."""

    event = models.OneToOneField(EventPage, on_delete=models.CASCADE, related_name="booked_as")
    occasion = models.OneToOneField(
        "marketplace.Occasion", on_delete=models.CASCADE, related_name="event_link"
    )

    class Meta:
        verbose_name = _("bookable time of an event")
        verbose_name_plural = _("bookable times of events")

    def __str__(self):
        return str(self.occasion)
