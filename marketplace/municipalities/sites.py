"""Which site a municipality takes part in."""

from wagtail.models import Site

from marketplace.municipalities.models import Municipality, ParticipationSettings


def site_of(*places: Municipality | None) -> Site | None:
    """The site that one of `places` was chosen for, the default one first; None where none was."""
    chosen = ParticipationSettings.objects.filter(municipalities__in=filter(None, places))
    found = chosen.select_related("site").order_by("-site__is_default_site", "site").first()
    return found and found.site
