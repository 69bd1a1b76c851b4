"""Who may do what in the exchange: one predicate per action.

Templates load them by the same names with `{% load permissions %}`. What stands in the way besides
(nothing left, already answered) is not a matter of permission: `services` says so.
"""

from .models import Membership, Organisation, Reservation

SESSION_KEY = "acting_organisation"


# --- For whom somebody acts -----------------------------------------------------------------------


def acting_organisation(request):
    """The organisation that the signed-in person acts for, or None.

    The one chosen (kept in the session), else the first that they are an active member of.
    """
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "_acting_organisation"):
        own = list(own_organisations(request.user))
        chosen = request.session.get(SESSION_KEY)
        request._acting_organisation = next(
            (organisation for organisation in own if organisation.pk == chosen),
            own[0] if own else None,
        )
    return request._acting_organisation


def act_for(request, organisation):
    """Remember that the person now acts for `organisation`, one of their own."""
    request.session[SESSION_KEY] = organisation.pk
    request._acting_organisation = organisation


def own_organisations(user):
    """The organisations that `user` may act for, the one joined first coming first."""
    return (
        Organisation.objects.of_user(user)
        .select_related("municipality")
        .order_by("memberships__created_at", "pk")
    )


def is_member(user, organisation):
    """Whether `user` is an active member of `organisation`, or of what it was merged into."""
    return (
        user.is_authenticated
        and Membership.objects.active()
        .filter(user=user, organisation=organisation.current_pk)
        .exists()
    )


def is_administrator(user, organisation):
    """Whether `user` may change `organisation` and its members."""
    return (
        user.is_authenticated
        and Membership.objects.active()
        .filter(user=user, organisation=organisation, role=Membership.Role.ADMINISTRATOR)
        .exists()
    )


# --- In the admin ---------------------------------------------------------------------------------


def municipalities_for(user):
    """The municipalities that `user` is limited to in the admin; None for no limit.

    Whoever coordinates municipalities, and is not administrator, sees only these.
    """
    if user.is_superuser:
        return None
    if user.groups.filter(name="Coordinators").exists():
        return user.coordinated_municipalities.all()
    return None


def can_see_figures(user):
    """Read reports and dashboards in the admin: whoever may see the ledger of handovers."""
    return user.is_active and user.has_perm("marketplace.view_handover")


def can_see_costs(user):
    """Read what each municipality pays: the steering group, and whoever agrees on it."""
    return user.is_active and user.has_perm("marketplace.view_costsharing")


def can_see_revaluations(user):
    """Read the log of recomputed factors."""
    return user.is_active and user.has_perm("marketplace.view_revaluation")


def figure_municipalities(user):
    """The municipalities whose figures `user` is limited to; None for no limit.

    The steering group answers for all of them, also the members who coordinate one.
    """
    if user.groups.filter(name="Steering group").exists():
        return None
    return municipalities_for(user)


# --- Listings -------------------------------------------------------------------------------------


def can_offer(user):
    """Offer material: members of a company, also while the company waits for approval."""
    return (
        user.is_authenticated
        and Organisation.objects.of_user(user)
        .companies()
        .exclude(approval=Organisation.Approval.REJECTED)
        .exists()
    )


def can_import_listings(user, organisation):
    """Send spreadsheets of listings, and say yes to them: members of the company."""
    return organisation.is_company and is_member(user, organisation)


def can_edit_listing(user, listing):
    """Edit, send, withdraw and reopen a listing: members of the organisation that gives."""
    return is_member(user, listing.organisation)


def can_request(user, listing):
    """Ask for material: members of an approved school, preschool or municipal service."""
    return (
        user.is_authenticated
        and Organisation.objects.of_user(user)
        .receivers()
        .approved()
        .exclude(pk=listing.organisation_id)
        .exists()
    )


def receivers_for(user, listing):
    """The organisations of `user` that may ask for `listing`."""
    return list(own_organisations(user).receivers().approved().exclude(pk=listing.organisation_id))


def can_see_waiting_place(user, place):
    """Read, take and leave a place in line: members of the organisation that waits."""
    return is_member(user, place.organisation)


def can_see_effect_statement(user, organisation):
    """Read what a company achieved, and take its statement home: its members."""
    return bool(organisation and organisation.is_company and is_member(user, organisation))


def can_report_purchases(user):
    """Report what was bought new: members of a school, preschool or municipal service."""
    return user.is_authenticated and Organisation.objects.of_user(user).receivers().exists()


def can_record_collaboration(user, organisation):
    """Record a study visit or a project of `organisation` (or None): its members, once approved."""
    return bool(organisation and organisation.is_approved and is_member(user, organisation))


def can_see_contact(user, listing):
    """See contact person and exact address: the giver, and those who have been promised some."""
    if not user.is_authenticated:
        return False
    return (
        is_member(user, listing.organisation)
        or Reservation.objects.filter(
            listing=listing,
            organisation__in=Organisation.objects.of_user(user),
            state__in=[Reservation.State.ACCEPTED, Reservation.State.COLLECTED],
        ).exists()
    )


# --- Reservations ---------------------------------------------------------------------------------


def can_see_reservation(user, reservation):
    """Read a reservation and its messages: members of either organisation."""
    return can_answer(user, reservation) or is_member(user, reservation.organisation)


def can_answer(user, reservation):
    """Accept or decline a request: members of the organisation that gives."""
    return is_member(user, reservation.giver)


def can_cancel(user, reservation):
    """Call off: the giver what it has promised, the receiver also what it has asked for."""
    return can_see_reservation(user, reservation)


def can_prolong(user, reservation):
    """Ask for two more weeks: the receiver."""
    return is_member(user, reservation.organisation)


def can_write_message(user, reservation):
    return can_see_reservation(user, reservation)


def can_leave_note(user, reservation):
    """Say thanks, or report a problem: either side."""
    return can_see_reservation(user, reservation)


def can_propose_pickup(user, reservation):
    return can_see_reservation(user, reservation)


def can_confirm_handover(user, reservation):
    """Confirm that material changed hands: either side."""
    return can_see_reservation(user, reservation)


# --- Wanted ads -----------------------------------------------------------------------------------


def can_post_wanted_ad(user):
    """Look for material: members of an approved school, preschool or municipal service."""
    return (
        user.is_authenticated and Organisation.objects.of_user(user).receivers().approved().exists()
    )


def can_edit_wanted_ad(user, wanted_ad):
    """Change and close a wanted ad, and read its answers: members of the one who looks."""
    return is_member(user, wanted_ad.organisation)


def can_answer_wanted_ad(user, organisation):
    """Answer for `organisation` (or None): members of an approved company."""
    return bool(
        organisation
        and organisation.is_company
        and organisation.is_approved
        and is_member(user, organisation)
    )


# --- Pupils' ideas --------------------------------------------------------------------------------


def can_invite_class(user, handover):
    """Open and close the pupils' link, and decide on their ideas: the receiver's members."""
    return is_member(user, handover.receiver)


def can_see_idea(user, idea):
    """Read an idea that is not on the site: its school, and the company once it was let through."""
    return can_invite_class(user, idea.handover) or can_answer_idea(user, idea)


def can_answer_idea(user, idea):
    """Thank, ask and take further: the company's members, once the teacher has let it through."""
    return idea.progress.approved_at is not None and is_member(user, idea.handover.giver)


PREDICATES = [
    can_import_listings,
    can_post_wanted_ad,
    can_edit_wanted_ad,
    can_answer_wanted_ad,
    can_invite_class,
    can_see_idea,
    can_answer_idea,
    can_offer,
    can_edit_listing,
    can_request,
    can_record_collaboration,
    can_report_purchases,
    can_see_effect_statement,
    can_see_contact,
    can_see_reservation,
    can_answer,
    can_cancel,
    can_prolong,
    can_write_message,
    can_leave_note,
    can_propose_pickup,
    can_confirm_handover,
    is_member,
    is_administrator,
    can_see_waiting_place,
]
