"""Pupils' ideas: what a class made, or would make, of the material it got."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index

from marketplace.organisations.models import Organisation
from marketplace.review.models import Reviewed
from marketplace.threads.models import Message
from marketplace.translations.source import InOtherLanguages, in_readers_language
from portal.foundation.images.photos import HasPhotos, Photo
from portal.foundation.tokens import new_token


class IdeaInvitationQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class IdeaInvitation(models.Model):
    """A link that lets a class send ideas about one handover, without accounts."""

    VALID_DAYS = 180
    # Enough for a whole school that sends at once, and an end to anybody who plays with the link.
    MAX_PER_HOUR = 60
    MAX_IN_ALL = 300

    handover = models.OneToOneField(
        "marketplace.Handover", on_delete=models.PROTECT, related_name="idea_invitation"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = IdeaInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to send ideas")
        verbose_name_plural = _("invitations to send ideas")

    def __str__(self):
        return str(self.handover)

    def get_absolute_url(self):
        return reverse("marketplace:idea_send", args=[self.token])

    @property
    def is_valid(self):
        return self.revoked_at is None and self.expires_at > timezone.now()


class IdeaQuerySet(models.QuerySet):
    def waiting_for_teacher(self):
        return self.filter(progress__approved_at=None, progress__declined_at=None)

    def approved(self):
        """Ideas that a teacher has approved, which the company may see."""
        return self.filter(progress__approved_at__isnull=False)

    def unanswered(self):
        """Those that the company has neither thanked for, nor taken further, nor written about."""
        return self.approved().filter(
            progress__thanked_at=None, progress__adopted_at=None, messages=None
        )

    def published(self):
        return self.filter(live=True)

    def from_school(self, organisation):
        return self.filter(handover__receiver__in=Organisation.objects.known_as(organisation))

    def to_company(self, organisation):
        givers = Organisation.objects.known_as(organisation)
        return self.approved().filter(handover__giver__in=givers)

    def for_cards(self):
        return self.select_related(
            "progress",
            "handover__giver",
            "handover__receiver__municipality",
            "handover__listing__category__parent",
        ).prefetch_related("photos__image__renditions", *in_readers_language())


class Idea(InOtherLanguages, HasPhotos, Reviewed):
    """One idea from one or several pupils. Only editors publish it on the site.

    What the teacher and the company did with it is in `IdeaProgress`, off the revisioned row.
    """

    class Type(models.TextChoices):
        MADE = "made", _("We have made this")
        WOULD_MAKE = "would_make", _("We would like to make this")

    class AgeGroup(models.TextChoices):
        PRESCHOOL = "preschool", _("Preschool")
        F_3 = "f-3", _("Preschool class to grade 3")
        GRADES_4_6 = "4-6", _("Grades 4–6")
        GRADES_7_9 = "7-9", _("Grades 7–9")
        UPPER_SECONDARY = "gymnasium", _("Upper secondary school")
        OTHER = "other", _("Other")

    class Stage(models.TextChoices):
        TO_READ = "to_read", _("To read")
        STOPPED = "stopped", _("Stopped")
        SENT = "sent", _("Waits for an answer")
        THANKED = "thanked", _("Thanked for")
        TAKEN_FURTHER = "taken_further", _("Taken further")

    MAX_PHOTOS = 3
    TEXT = "text"

    handover = models.ForeignKey(
        "marketplace.Handover",
        verbose_name=_("handover"),
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    type = models.CharField(
        _("what kind of idea"), max_length=12, choices=Type.choices, db_column="kind"
    )
    title = models.CharField(_("name of the idea"), max_length=80)
    text = models.TextField(_("tell us"), max_length=2000)
    age_group = models.CharField(_("age group"), max_length=12, choices=AgeGroup.choices)
    signed = models.CharField(
        _("first name or class"),
        max_length=40,
        help_text=_("Never write surnames."),
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("pupils' idea")
        verbose_name_plural = _("pupils' ideas")
        ordering = ["-created_at", "-pk"]

    @property
    def sent_by(self):
        return self.handover.receiver

    def __str__(self):
        return self.title

    @property
    def stage(self):
        """How far it has come, as a `Stage`, for the school and the company."""
        progress = self.progress
        if progress.declined_at:
            return self.Stage.STOPPED
        if not progress.approved_at:
            return self.Stage.TO_READ
        if progress.adopted_at:
            return self.Stage.TAKEN_FURTHER
        return self.Stage.THANKED if progress.thanked_at else self.Stage.SENT

    def get_absolute_url(self):
        return reverse("marketplace:idea", args=[self.pk])

    def get_preview_template(self, request, mode_name):
        return "marketplace/ideas/idea_public.html"

    def get_preview_context(self, request, mode_name):
        return super().get_preview_context(request, mode_name) | {"idea": self}

    panels = [
        FieldPanel("title"),
        FieldPanel("type"),
        FieldPanel("text"),
        FieldPanel("age_group"),
        FieldPanel("signed"),
        FieldPanel("handover", read_only=True),
        InlinePanel("photos", label=_("Photo"), max_num=MAX_PHOTOS),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.FilterField("live"),
        index.FilterField("type"),
        index.FilterField("age_group"),
        # The scope of the admin's choosers asks for it.
        index.RelatedFields("progress", [index.FilterField("approved_at")]),
    ]


class IdeaPhoto(Photo):
    """A picture of what was made. The form makes pupils confirm that nobody's face is in it."""

    idea = ParentalKey(Idea, on_delete=models.CASCADE, related_name="photos")

    class Meta(Photo.Meta):
        verbose_name = _("photo")


class IdeaProgress(models.Model):
    """What the teacher and the company did with an idea, and when."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="progress")
    approved_at = models.DateTimeField(_("approved by the teacher"), null=True, blank=True)
    declined_at = models.DateTimeField(_("stopped by the teacher"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thanked_at = models.DateTimeField(_("company thanked"), null=True, blank=True)
    adopted_at = models.DateTimeField(
        _("company takes it further"), null=True, blank=True, db_column="taken_further_at"
    )
    story_started_at = models.DateTimeField(
        _("story started"), null=True, blank=True, db_column="story_begun_at"
    )

    class Meta:
        verbose_name = _("progress of an idea")
        verbose_name_plural = _("progress of ideas")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None),
                name="idea_approved_or_declined",
                violation_error_message=_("An idea is either let through or stopped."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=False) | Q(thanked_at=None, adopted_at=None),
                name="idea_answered_only_when_approved",
                violation_error_message=_(
                    "The company answers only ideas that a teacher let through."
                ),
            ),
        ]

    def __str__(self):
        return str(self.idea)


class IdeaMessage(Message):
    """One message between the company and the class's teacher about an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="messages")

    class Meta(Message.Meta):
        verbose_name = _("message about an idea")
        verbose_name_plural = _("messages about ideas")
