"""The material that can be had now for a lesson idea, on its page."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from wagtail.models import Site

from inspiration.lessons.models import LessonIdeaPage
from marketplace.listings.models import MaterialListing
from marketplace.organisations.permissions import acting_organisation
from portal.foundation.page_cache.fragments import kept_part
from portal.foundation.page_cache.personal import personal_part


@personal_part("material_now")
def material_now(request: HttpRequest, idea: LessonIdeaPage) -> str:
    """Listings for `idea`, the nearest first where the reader acts for an organisation.

    The same for all who act for it.
    """
    organisation, site = acting_organisation(request), Site.find_for_request(request)

    def rendered() -> str:
        found = list(idea.available_material(site=site, organisation=organisation))
        prefetch_related_objects(found, *MaterialListing.objects.photos())
        context = {"listings": found, "near": organisation}
        return render_to_string("inspiration/lessons/material_now.html", context)

    return kept_part(
        request,
        "material_now",
        rendered,
        # What the idea needs and for whom: another text of it finds the same.
        [(each.category_id, each.tag_id) for each in idea.materials.all()],
        idea.youngest(organisation),
        site and site.pk,
        organisation and organisation.pk,
    )
