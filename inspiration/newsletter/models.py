"""The newsletter: who has asked for it, what an issue holds, and what became of each copy."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from post_office.models import STATUS
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, PreviewableMixin

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]


class SubscriberQuerySet(models.QuerySet):
    def active(self):
        """Those who get the newsletter: they said so twice, and have not ended it since."""
        return self.filter(confirmed_at__isnull=False, unsubscribed_at=None, bounced_at=None)

    def interested_in(self, municipalities):
        """Those who chose one of `municipalities`, or the whole region."""
        return self.filter(Q(municipality__in=municipalities) | Q(municipality=None))

    def never_confirmed(self):
        return self.filter(confirmed_at=None)


class Subscriber(models.Model):
    """An address whose owner has asked for the newsletter."""

    CONFIRM_WITHIN = timedelta(days=7)
    MANAGE_WITHIN = timedelta(days=365)
    # How long somebody who unsubscribed by mistake can change their mind.
    KEPT_AFTER_END = timedelta(days=30)
    CONFIRM_SALT = "newsletter confirmation"
    MANAGE_SALT = "newsletter subscription"

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10, default="sv", choices=LANGUAGES)
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    consent = models.TextField(_("what was agreed to"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmation_sent_at = models.DateTimeField(_("confirmation sent"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter subscriber")
        verbose_name_plural = _("newsletter subscribers")
        ordering = ["-asked_at"]
        constraints = [models.UniqueConstraint(Lower("email"), name="subscriber_email_unique")]

    def __str__(self):
        return self.email

    @property
    def is_active(self):
        return bool(self.confirmed_at) and not (self.unsubscribed_at or self.bounced_at)

    @property
    def state(self):
        if self.unsubscribed_at:
            return _("Ended")
        if self.bounced_at:
            return _("Bounced")
        return _("Subscribed") if self.confirmed_at else _("Not confirmed")

    @property
    def confirm_token(self):
        return signing.dumps(self.pk, salt=self.CONFIRM_SALT)

    @property
    def manage_token(self):
        return signing.dumps(self.pk, salt=self.MANAGE_SALT)


class NewsletterQuerySet(models.QuerySet):
    def unfinished(self):
        """Newsletters that are being sent."""
        return self.filter(started_at__isnull=False, finished_at=None)

    def with_results(self):
        """With how many copies there are, and what became of them."""
        in_state = {
            "copies": Q(),
            "waiting": Q(deliveries__settled_at=None),
            "delivered": Q(deliveries__email__status=STATUS.sent, deliveries__bounced_at=None),
            "bounced": Q(deliveries__bounced_at__isnull=False),
            "failed": Q(deliveries__email__status=STATUS.failed),
            "ended": Q(deliveries__unsubscribed_at__isnull=False),
        }
        return self.annotate(
            **{
                name: Count("deliveries", filter=condition & Q(deliveries__isnull=False))
                for name, condition in in_state.items()
            }
        )


class Newsletter(PreviewableMixin, ClusterableModel):
    """One issue: words in each language, chosen pages, and fresh material for the reader."""

    name = models.CharField(
        _("name"), max_length=80, help_text=_("Only seen here, such as “November, all”.")
    )
    municipalities = ParentalManyToManyField(
        "marketplace.Municipality",
        verbose_name=_("municipalities"),
        blank=True,
        related_name="+",
        help_text=_(
            "Who gets it: those who chose one of these, and those who chose the "
            "whole region. If left empty, everybody."
        ),
    )
    material_count = models.PositiveSmallIntegerField(
        _("pieces of fresh material"),
        default=4,
        choices=[(number, str(number)) for number in (0, 2, 4, 6, 8)],
        help_text=_("The newest that can be had, from the reader's own municipality first."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("sending started"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        "portal.User",
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = NewsletterQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        InlinePanel(
            "texts",
            label=_("Text"),
            heading=_("Words in each language"),
            help_text=_("Readers whose language is missing get the first one."),
            min_num=1,
            max_num=len(LANGUAGES),
        ),
        InlinePanel(
            "items",
            label=_("Page"),
            heading=_("Articles, stories, lesson ideas and campaigns"),
            help_text=_("Each reader gets the translation in their language, where there is one."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("material_count"),
                FieldPanel("municipalities", widget=forms.CheckboxSelectMultiple),
            ],
            _("Material and readers"),
        ),
    ]

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["-created_at"]
        permissions = [("send_newsletter", _("Can send newsletters"))]

    def __str__(self):
        return self.name

    @property
    def is_draft(self):
        return self.started_at is None

    @property
    def state(self):
        if self.is_draft:
            return _("Draft")
        return _("Sent") if self.finished_at else _("Being sent")

    def text_in(self, language):
        """The words in `language`, or else the first ones."""
        texts = list(self.texts.all())
        return next((text for text in texts if text.language == language), texts[0])

    def recipients(self):
        recipients = Subscriber.objects.active()
        municipalities = list(self.municipalities.all())
        return recipients.interested_in(municipalities) if municipalities else recipients

    # --- Preview ----------------------------------------------------------------------------

    @property
    def preview_modes(self):
        return LANGUAGES


class NewsletterText(Orderable):
    """The words of an issue in one language."""

    newsletter = ParentalKey(Newsletter, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, default="sv", choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=120)
    introduction = RichTextField(
        _("introduction"), blank=True, features=["bold", "italic", "link", "ul"]
    )

    panels = [FieldPanel("language"), FieldPanel("subject"), FieldPanel("introduction")]

    class Meta(Orderable.Meta):
        verbose_name = _("text of a newsletter")
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "language"],
                name="newsletter_text_once_per_language",
                violation_error_message=_("Each language can have one text only."),
            )
        ]

    def __str__(self):
        return self.subject


class NewsletterItem(Orderable):
    """A page that an issue tells about."""

    newsletter = ParentalKey(Newsletter, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [
        PageChooserPanel(
            "page",
            [
                "inspiration.ArticlePage",
                "inspiration.CaseStoryPage",
                "inspiration.LessonIdeaPage",
                "inspiration.CampaignPage",
                "inspiration.EventPage",
            ],
        )
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("page in a newsletter")

    def __str__(self):
        return str(self.page)


class NewsletterDelivery(models.Model):
    """One reader's copy of one issue. The database lets there be one only.

    `settled_at` is set in the transaction that puts the mail into the queue (or finds that it is
    no longer wanted), so that a job that is run again never writes a second one.
    """

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("reader"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )
    email = models.ForeignKey(
        "post_office.Email",
        verbose_name=_("mail"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("put into the queue"), null=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True)
    bounce_note = models.CharField(_("what the server said"), max_length=300, blank=True)
    unsubscribed_at = models.DateTimeField(_("ended the newsletter"), null=True)

    class Meta:
        verbose_name = _("copy of a newsletter")
        verbose_name_plural = _("copies of newsletters")
        ordering = ["newsletter", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "subscriber"], name="newsletter_once_per_subscriber"
            )
        ]
        indexes = [
            models.Index(
                fields=["newsletter"],
                condition=Q(settled_at=None),
                name="newsletter_copies_waiting",
            )
        ]

    def __str__(self):
        return f"{self.newsletter} → {self.subscriber or '–'}"

    @property
    def result(self):
        if self.bounced_at:
            return _("Bounced")
        if self.settled_at is None:
            return _("Waiting")
        if self.email is None:
            return _("Not sent")
        return {
            STATUS.sent: _("Taken by the mail server"),
            STATUS.failed: _("Could not be sent"),
        }.get(self.email.status, _("In the mail queue"))
