"""What the exchange keeps about people: how long, and what becomes of it when somebody leaves."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from marketplace import errors, photos, services
from marketplace.models import (
    Idea,
    Invitation,
    MaterialListing,
    Membership,
    Note,
    Notification,
    OfferDraft,
    Organisation,
    Reservation,
    ReservationMessage,
)
from marketplace.notifications import approvers, notify
from marketplace.organisations import administrators
from portal.retention import Rule, register

CONTACT = ("contact_name", "contact_email", "contact_phone")
LISTING = {
    "base_content_type__app_label": "marketplace",
    "base_content_type__model": "materiallisting",
}


# --- When somebody leaves -------------------------------------------------------------------------


def heir(organisation, leaving):
    """The colleague who becomes administrator when the last one leaves: the longest there."""
    membership = (
        organisation.memberships.active()
        .exclude(user=leaving)
        .filter(user__is_active=True)
        .order_by("created_at", "pk")
        .first()
    )
    return membership


def consequences(user):
    """What becomes of each organisation when `user` leaves: [(organisation, heir or None)].

    Only those that they are the last administrator of.
    """
    found = []
    for membership in user.memberships.active().select_related("organisation"):
        organisation = membership.organisation
        others = administrators(organisation).exclude(pk=user.pk)
        if membership.role == Membership.Role.ADMINISTRATOR and not others.exists():
            found.append((organisation, heir(organisation, user)))
    return found


def on_person_leaves(sender, user, addresses, **kwargs):
    """Hand over what the person looked after, and take their name out of what stays."""
    for organisation, successor in consequences(user):
        if successor:
            successor.role = Membership.Role.ADMINISTRATOR
            successor.save(update_fields=["role"])
            notify(
                users=[successor.user],
                kind="made_administrator",
                key=f"organisation:{organisation.pk}:administrator:{user.pk}",
                organisation=organisation,
            )
        else:
            close_down(organisation, user)
    forget_contacts(addresses)
    Invitation.objects.filter(email__in=addresses).delete()
    # Others were told that the person wants to join, with their address.
    Notification.objects.filter(context__email__in=addresses).delete()
    forget_name(str(user))


def close_down(organisation, last):
    """Take down the listings and call off the reservations of an organisation without people."""
    reservations = Reservation.objects.open().filter(
        Q(organisation=organisation) | Q(listing__organisation=organisation)
    )
    for reservation in reservations:
        services.cancel_reservation(reservation=reservation, by=last)
    for listing in organisation.listings.filter(stock__closed_at=None):
        services.withdraw_listing(listing=listing, by=last)
    for place in organisation.waiting_places.open():
        try:
            services.leave_line(place=place, by=last)
        except errors.WrongState:
            continue
    organisation.wanted_ads.filter(live=True).update(live=False)
    notify(
        users=approvers(organisation).exclude(pk=last.pk),
        kind="organisation_left",
        key=f"organisation:{organisation.pk}:left:{last.pk}",
        organisation=organisation,
    )


def forget_contacts(addresses):
    """Take the contact person with one of `addresses` out of listings and organisations."""
    mine = Q()
    for address in addresses:
        mine |= Q(contact_email__iexact=address)
    forget(MaterialListing.objects.filter(mine))
    Organisation.objects.filter(mine).update(**dict.fromkeys(CONTACT, ""))
    for address in addresses:
        # A version that is not published, or not any more, may name somebody else than the row.
        blank(Revision.objects.filter(content__contact_email__iexact=address, **LISTING))


def forget(listings):
    """Take the contact person out of `listings` and of every version of them. Returns how many."""
    pks = list(listings.values_list("pk", flat=True))
    blank(Revision.objects.filter(object_id__in=[str(pk) for pk in pks], **LISTING))
    return MaterialListing.objects.filter(pk__in=pks).update(**dict.fromkeys(CONTACT, ""))


def blank(revisions):
    for revision in revisions:
        revision.content = revision.content | dict.fromkeys(CONTACT, "")
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)


def forget_name(name):
    """Take a name out of what others were told in their inboxes; its organisation stays."""
    for word in ("by", "person", "sender"):
        alone = Q(**{f"context__{word}": name})
        signed = Q(**{f"context__{word}__startswith": f"{name} ("})
        for notification in Notification.objects.filter(alone | signed):
            rest = notification.context[word].removeprefix(name)
            notification.context[word] = rest.removeprefix(" (").removesuffix(")")
            notification.save(update_fields=["context"])


# --- When time has passed -------------------------------------------------------------------------


def remove_notifications(before):
    return Notification.objects.filter(created_at__lt=before).delete()[0]


def remove_drafts(before):
    return photos.remove_unused()


def remove_invitations(before):
    return Invitation.objects.filter(created_at__lt=before).delete()[0]


def remove_messages(before):
    """What was written between the two sides, and by whom, of reservations long since closed."""
    over = Reservation.objects.closed().filter(closed_at__lt=before)
    count = ReservationMessage.objects.filter(reservation__in=over).delete()[0]
    named = over.exclude(created_by=None, purpose="", closing_note="")
    return count + named.update(created_by=None, purpose="", closing_note="")


def remove_notes(before):
    """Thanks and reported problems of reservations long since closed."""
    over = Reservation.objects.closed().filter(closed_at__lt=before)
    return Note.objects.filter(reservation__in=over).delete()[0]


def remove_stopped_ideas(before):
    """Ideas that no teacher let through, with their pictures."""
    stopped = Idea.objects.filter(
        Q(progress__declined_at__lt=before)
        | Q(progress__declined_at=None, progress__approved_at=None, created_at__lt=before)
    )
    count = 0
    for idea in stopped.prefetch_related("photos__image"):
        images = [photo.image for photo in idea.photos.all()]
        idea.delete()
        for image in images:
            image.delete()
        count += 1
    return count


def forget_old_contacts(before):
    named = MaterialListing.objects.exclude(contact_name="", contact_email="", contact_phone="")
    return forget(named.filter(stock__closed_at__lt=before))


register(
    Rule(
        "offer drafts",
        _("Offers that were begun and not sent, and photos that nobody used"),
        _("So that you can go on another day."),
        days=OfferDraft.KEEP_DAYS,
        remove=remove_drafts,
    ),
    Rule(
        "inbox",
        _("What your inbox tells you"),
        _("So that you can look up what happened."),
        days=365,
        remove=remove_notifications,
    ),
    Rule(
        "invitations",
        _("Invitations to colleagues, with the address they were sent to"),
        _("They can be used for two weeks; the rest is for questions about them."),
        days=90,
        remove=remove_invitations,
    ),
    Rule(
        "messages",
        _("Messages, and who asked for what, after a reservation is closed"),
        _("For questions about what was agreed."),
        days=2 * 365,
        remove=remove_messages,
    ),
    Rule(
        "notes",
        _("Thanks, and problems told to the coordinator, after a reservation is closed"),
        _("For those whom they were written to."),
        days=2 * 365,
        remove=remove_notes,
    ),
    Rule(
        "stopped ideas",
        _("Pupils' ideas that a teacher has stopped, or not looked at, with their pictures"),
        _("Time for the teacher to look at them, and for questions from the class."),
        days=365,
        remove=remove_stopped_ideas,
    ),
    Rule(
        "ideas",
        _("Pupils' ideas: text, pictures, and a first name or class"),
        _("So that company and class, and others if it is published, can see them."),
        until=_("Until somebody asks us to remove them"),
    ),
    Rule(
        "contacts",
        _("The contact person of a listing, after it has ended"),
        _("So that the same can be offered again without typing it."),
        days=2 * 365,
        remove=forget_old_contacts,
    ),
    Rule(
        "days",
        _("On which days you have used the portal, not what you did"),
        _("They are counted in the figures of how many use the portal."),
        until=_("Until you remove the account"),
    ),
    Rule(
        "handovers",
        _("What was handed over between which organisations"),
        _("The municipalities' figures build on it. It holds organisations and kilograms."),
        until=_("For good, but your name goes with your account"),
    ),
)
