from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.search import index

from marketplace.municipalities.models import Municipality
from marketplace.organisations.validators import validate_org_number, validate_school_unit_code
from portal.foundation.collation import by_name
from portal.foundation.coordinates import in_sweden


class OfOrganisationQuerySet(models.QuerySet):
    """What an organisation offers or looks for, and where that is."""

    def of_organisation(self, organisation):
        return self.filter(organisation=organisation)

    def in_municipalities(self, municipalities):
        return self.filter(organisation__municipality__in=municipalities)

    def for_site(self, site):
        return self.in_municipalities(Municipality.objects.for_site(site))


class OrganisationQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(approval=Organisation.Approval.APPROVED)

    def pending(self):
        return self.filter(approval=Organisation.Approval.PENDING)

    def to_review(self):
        """Those whose turn is with us: not those that have been asked for changes."""
        return self.pending().filter(merged_into=None, approval_note="")

    def with_waiting_since(self):
        """Those with `waiting_since`: when they came to us, again where they had to change."""
        return self.annotate(waiting_since=Coalesce("resubmitted_at", "created_at"))

    def companies(self):
        return self.filter(type=Organisation.Type.COMPANY)

    def municipal(self):
        """Schools, preschools and other municipal services."""
        return self.exclude(type=Organisation.Type.COMPANY)

    def known_as(self, organisation):
        """`organisation` and those that were merged into it: all that its past goes by."""
        return self.filter(Q(pk=organisation.pk) | Q(merged_into=organisation))

    def in_municipalities(self, municipalities):
        return self.filter(municipality__in=municipalities)

    def of_user(self, user):
        """The organisations that `user` is an active member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            memberships__user=user, memberships__status=Membership.Status.ACTIVE
        ).distinct()


class Organisation(index.Indexed, models.Model):
    """A company, or a school, preschool or other municipal service: each gives and takes."""

    class Type(models.TextChoices):
        COMPANY = "company", _("Company")
        PRESCHOOL = "preschool", _("Preschool")
        SCHOOL = "school", _("School")
        OTHER_MUNICIPAL = "other_municipal", _("Other municipal service")

    class Approval(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Not approved")

    type = models.CharField(_("kind"), max_length=20, choices=Type.choices, db_column="kind")
    name = models.CharField(_("name"), max_length=120)
    org_number = models.CharField(
        _("organisation number"),
        max_length=11,
        blank=True,
        validators=[validate_org_number],
        help_text=_("Ten digits, such as 556012-5790."),
    )
    school_unit_code = models.CharField(
        _("school unit code"),
        max_length=8,
        blank=True,
        validators=[validate_school_unit_code],
        help_text=_("Eight digits, from the Swedish National Agency for Education."),
    )
    municipality = models.ForeignKey(
        "marketplace.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    address = models.CharField(_("visiting address"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    town = models.CharField(_("town"), max_length=60, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    website = models.URLField(_("web address"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    approval = models.CharField(
        _("approval"), max_length=10, choices=Approval.choices, default=Approval.PENDING
    )
    approval_note = models.TextField(_("note on the approval"), blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    trusted = models.BooleanField(
        _("trusted"),
        default=False,
        help_text=_("Listings of a trusted organisation are published without review."),
    )
    members = models.ManyToManyField(
        "portal.User",
        verbose_name=_("members"),
        through="marketplace.Membership",
        related_name="organisations",
    )
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    resubmitted_at = models.DateTimeField(_("resubmitted"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = [by_name()]
        constraints = [
            models.UniqueConstraint(
                fields=["org_number"],
                condition=~Q(org_number=""),
                name="organisation_number_unique",
                violation_error_message=_("An organisation with this number is already here."),
            ),
            models.UniqueConstraint(
                fields=["school_unit_code"],
                condition=~Q(school_unit_code=""),
                name="organisation_school_unit_unique",
                violation_error_message=_("A school with this code is already here."),
            ),
            models.CheckConstraint(
                condition=in_sweden(),
                name="organisation_in_sweden",
                violation_error_message=_(
                    "That is not in Sweden. Write latitude (55–69) and longitude (10–24)."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def full_name(self):
        """A name that tells it from those of other municipalities."""
        return f"{self.name}, {self.municipality.name}"

    @property
    def is_company(self):
        return self.type == self.Type.COMPANY

    @property
    def is_municipal(self):
        return not self.is_company

    @property
    def is_approved(self):
        return self.approval == self.Approval.APPROVED

    @property
    def is_at_home(self):
        """Whether those who work in it see first what its municipality's own units give."""
        return self.type != self.Type.COMPANY and self.is_approved

    @property
    def is_asked_for_changes(self):
        """Whether it has been asked, with `approval_note`, to change something first."""
        return self.approval == self.Approval.PENDING and bool(self.approval_note)

    @property
    def came_at(self):
        """Since when it waits for our answer, while it does."""
        return self.resubmitted_at or self.created_at

    @property
    def position(self):
        """(latitude, longitude) of its own address, or else of its municipality's centre."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        return self.municipality.latitude, self.municipality.longitude

    @property
    def current_pk(self):
        """The key of what this organisation is today: its own, or that of the one it merged into.

        The ledger keeps the organisation of its day; people who act for it belong to today's.
        """
        return self.merged_into_id or self.pk

    def has_history(self):
        """Whether it has offered, asked for, given or received anything."""
        exchanged = (
            self.listings,
            self.reservations,
            self.wanted_ads,
            self.handovers_given,
            self.handovers_received,
        )
        return any(rows.exists() for rows in exchanged)

    def active_members(self):
        """The users who act for it today: not those who are invited or wait to join."""
        return (
            get_user_model()
            .objects.filter(
                memberships__organisation=self.current_pk,
                memberships__status=Membership.Status.ACTIVE,
            )
            .distinct()
        )

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("org_number"),
        index.FilterField("type"),
        index.FilterField("approval"),
        index.FilterField("trusted"),
        index.FilterField("municipality_id"),
    ]


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=Membership.Status.ACTIVE)


class Membership(models.Model):
    """A person's place in an organisation."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        ADMINISTRATOR = "administrator", pgettext_lazy("of an organisation", "Administrator")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PENDING = "pending", _("Wants to join")
        INVITED = "invited", _("Invited")

    user = models.ForeignKey(
        "portal.User", on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices, default=Role.MEMBER)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once_per_organisation",
                violation_error_message=_("This person is already a member."),
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.organisation}"
