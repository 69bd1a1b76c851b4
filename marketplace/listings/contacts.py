"""Erase the contact person of listings, in every version of them."""

from wagtail.models import Revision

from marketplace.listings.models import MaterialListing

CONTACT = ("contact_name", "contact_email", "contact_phone")


LISTING = {
    "base_content_type__app_label": "marketplace",
    "base_content_type__model": "materiallisting",
}


def erase_contact_of(listings):
    """Take the contact person out of `listings` and of every version of them. Returns how many."""
    pks = list(listings.values_list("pk", flat=True))
    blank_contact(Revision.objects.filter(object_id__in=[str(pk) for pk in pks], **LISTING))
    return MaterialListing.objects.filter(pk__in=pks).update(**dict.fromkeys(CONTACT, ""))


def blank_contact(revisions):
    for revision in revisions:
        revision.content = revision.content | dict.fromkeys(CONTACT, "")
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)
